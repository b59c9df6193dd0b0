//! What a weak bullet lacks, asked for in typed slots, at the place where the clause reads well.

use crate::domain::facts::Reading;
use crate::domain::grounding::Evidence;
use crate::domain::guide::{Ask, Part, slots_of};
use crate::domain::lexicon::{Lexicon, stem};
use crate::domain::scoring::names_tool;
use crate::domain::slots::{MAX_SLOTS, Slot};

/// The fewest words that a clause can be added to.
const FEWEST: usize = 2;

/// The asks that a text and the facts leave open. What was not done, or is denied, is not asked about.
pub fn lacking<'a>(lexicon: &Lexicon, asks: &'a [Ask], reading: &Reading, facts: &[Reading]) -> Vec<&'a Ask> {
    if denies_deed(reading) || reading.is_hedged(lexicon) {
        return Vec::new();
    }
    let told = |ask: &Ask, text: &Reading| match ask.part {
        Part::Tool => names_tool(lexicon, &ask.unless, text),
        Part::Detail => false,
        Part::Scale => text.tells_scale(),
        Part::Result => text.tells_result(lexicon),
    };
    // A tool of the facts is put in where they leave no choice; where they leave one, the question stays.
    let in_facts = |ask: &Ask| ask.part != Part::Tool && facts.iter().any(|facts| told(ask, facts));
    // `saving the team hours, saving [time saved]`, `using Axios using [web framework]`: the first word stands there already.
    let said = |ask: &Ask| {
        let first = ask.clause.split(' ').next().unwrap_or_default();
        let leads = match ask.part {
            Part::Tool => first == "using",
            Part::Detail => false,
            Part::Scale | Part::Result => first.ends_with("ing"),
        };
        leads && reading.stems.contains(&stem(first))
    };
    asks.iter().filter(|ask| !told(ask, reading) && !in_facts(ask) && !said(ask)).collect()
}

/// Whether the deed itself is denied: `did not deploy`, but not `so that threads are not blocked`.
fn denies_deed(reading: &Reading) -> bool {
    let denial = reading
        .tokens
        .iter()
        .position(|token| matches!(token.lower.as_str(), "not" | "never" | "no" | "cannot") || token.lower.ends_with("n't"));
    let purpose = reading
        .tokens
        .iter()
        .position(|token| matches!(token.lower.as_str(), "so" | "that" | "which" | "because" | "when" | "if" | "with"));
    denial.is_some_and(|denial| purpose.is_none_or(|purpose| denial < purpose))
}

/// The text with the tool that the facts name, where it names none itself; only when the facts leave no choice.
pub(super) fn with_tool_of_facts(lexicon: &Lexicon, asks: &[Ask], reading: &Reading, evidence: &Evidence) -> String {
    let text = reading.raw.as_str();
    let open = lacking(lexicon, asks, reading, &[]);
    let Some(ask) = open.into_iter().find(|ask| ask.part == Part::Tool && ask.slots.len() == 1) else { return text.to_owned() };
    let answers = |id: &str| {
        let fits = |class: &String| lexicon.is_kind_of(id, class) || class == "any" && ask.unless.len() == 1 && !lexicon.is_generic(id);
        !evidence.denies(id) && ask.unless.iter().any(fits)
    };
    let mut named: Vec<&str> =
        evidence.facts.iter().flat_map(|facts| &facts.technologies).map(|known| known.id.as_str()).filter(|id| answers(id)).collect();
    named.dedup();
    match (named.as_slice(), ask.slots.first()) {
        ([id], Some(slot)) => {
            let clause = ask.clause.replace(&format!("[{}]", slot.label), lexicon.display(id));
            insert_before_purpose(reading, text, &clause)
        }
        _ => text.to_owned(),
    }
}

/// A text with the clauses that it lacks, put where they read well; at most three slots.
pub fn ask_for_missing(lexicon: &Lexicon, asks: &[Ask], reading: &Reading, facts: &[Reading]) -> (String, Vec<Slot>) {
    let text = reading.raw.as_str();
    if reading.tokens.iter().filter(|token| token.is_word()).count() < FEWEST.max(reading.opener_len + 1) {
        return (text.to_owned(), Vec::new());
    }
    let open = lacking(lexicon, asks, reading, facts);
    let first = |part: Part| open.iter().copied().find(move |ask| ask.part == part);
    let mut room = MAX_SLOTS;
    let mut take = |ask: Option<&'_ Ask>| ask.filter(|ask| ask.slots.len() <= room).inspect(|ask| room -= ask.slots.len()).cloned();
    let tool = take(first(Part::Tool));
    let result = take(first(Part::Result));
    // Where tool, size and result are told, nothing is lacking.
    let lacks = open.iter().any(|ask| ask.part != Part::Detail);
    let mut sizes: Vec<Ask> =
        open.iter().copied().filter(|ask| ask.part == Part::Detail && lacks).filter_map(|ask| take(Some(ask))).collect();
    sizes.extend(take(first(Part::Scale)));
    let mut with_slots = text.to_owned();
    if let Some(tool) = &tool {
        with_slots = insert_before_purpose(reading, text, &tool.clause);
    }
    let (behind, mut tail): (Vec<&Ask>, Vec<&Ask>) =
        sizes.iter().chain(&result).partition(|ask| ask.behind.as_deref().is_some_and(|phrase| end_of(&with_slots, phrase).is_some()));
    tail.retain(|ask| ask.behind.is_none());
    for ask in &behind {
        if let Some(end) = ask.behind.as_deref().and_then(|phrase| end_of(&with_slots, phrase)) {
            with_slots.insert_str(end, &format!(" {}", ask.clause));
        }
    }
    with_slots = with_tail(&with_slots, &tail);
    // The questions come in the order of the text.
    let mut asked: Vec<&Ask> = tool.iter().chain(sizes.iter()).chain(&result).collect();
    asked.retain(|ask| with_slots.contains(&ask.clause));
    asked.sort_by_key(|ask| with_slots.find(&ask.clause));
    let mut slots: Vec<Slot> = Vec::new();
    for ask in asked {
        let first = slots.len();
        slots.extend(slots_of(ask, first));
    }
    (with_slots, slots)
}

/// One past a phrase of a text, whatever its capitals.
fn end_of(text: &str, phrase: &str) -> Option<usize> {
    let at = text.to_ascii_lowercase().find(phrase)?;
    let end = at + phrase.len();
    (text.is_char_boundary(end) && text.get(end..).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))).then_some(end)
}

/// The clauses behind the text, before what tells to what end: `, serving [rate] and cutting [time], so that …`.
fn with_tail(text: &str, tail: &[&Ask]) -> String {
    let participle = |ask: &Ask| ask.clause.split(' ').next().is_some_and(|first| first.ends_with("ing"));
    let mut added = String::new();
    for (at, ask) in tail.iter().enumerate() {
        let last_of_two = at > 0 && at + 1 == tail.len() && participle(ask) && tail.get(at - 1).is_some_and(|before| participle(before));
        let leads = ask.clause.split(' ').next().unwrap_or_default();
        // `covering [row count] rows in [migration time]`
        let adverbial = matches!(leads, "in" | "for" | "on") || at > 0 && matches!(leads, "with" | "at");
        added.push_str(if last_of_two {
            " and "
        } else if adverbial {
            " "
        } else {
            ", "
        });
        added.push_str(&ask.clause);
    }
    if added.is_empty() {
        return text.to_owned();
    }
    let end = [" so that ", " so ", "; ", ": ", " because "].iter().filter_map(|joint| text.find(joint)).min();
    match end.and_then(|end| text.split_at_checked(end)) {
        Some((head, rest)) if rest.starts_with([';', ':']) => format!("{head}{added}{rest}"),
        Some((head, rest)) => format!("{}{added},{rest}", head.trim_end_matches(',')),
        None => format!("{text}{added}"),
    }
}

/// `with [tool]` goes before a trailing `to …` or `for …` or a clause behind a mark, else to the end.
fn insert_before_purpose(reading: &Reading, text: &str, clause: &str) -> String {
    let begins = |at: usize| reading.clauses.iter().any(|clause| clause.first == at);
    let word = |at: usize| reading.tokens.get(at).map_or("", |token| token.lower.as_str());
    // `logging, monitoring` and `review, testing and deployment` are lists, no clauses.
    let lists = |at: usize| reading.class_at(at).is_some() || matches!(word(at + 1), "" | "," | "and" | "or" | ".");
    let stops = |at: &usize| match word(*at) {
        // `Helped the team to move`: the purpose is the deed.
        "to" => *at > 1 && begins(at + 1) && !(word(0) == "helped" && *at < 5),
        "for" => *at > 1 && !matches!(word(at - 1), "responsible" | "and"),
        "so" | "because" | "including" | "after" | "when" | ":" | "plus" => *at > 1,
        "which" => *at > 1 && word(at - 1) == ",",
        "," | ";" | "-" => *at > 1 && begins(at + 1) && !lists(at + 1),
        _ => *at > 1 && begins(*at) && !matches!(word(at - 1), "to" | "," | ";" | "-" | "and") && !lists(*at),
    };
    let open = (0..reading.tokens.len()).find(stops).map(|at| if at > 1 && word(at - 1) == "," { at - 1 } else { at });
    match open.and_then(|at| reading.tokens.get(at)) {
        Some(token) => {
            let head: String = text.chars().take(token.span.start).collect();
            let tail: String = text.chars().skip(token.span.start).collect();
            let gap = if tail.starts_with([',', ';', ':']) { "" } else { " " };
            format!("{} {clause}{gap}{tail}", head.trim_end())
        }
        None => format!("{text} {clause}"),
    }
}
