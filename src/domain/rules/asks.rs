//! What a weak bullet lacks, asked for in typed slots, at the place where the clause reads well.

use super::tail::ends_in_its_deed;
use crate::domain::facts::Reading;
use crate::domain::grounding::Evidence;
use crate::domain::guide::{Ask, Part, slots_of};
use crate::domain::lexicon::{Lexicon, singular, stem};
use crate::domain::quantity::{QuantityKind, Role};
use crate::domain::scoring::names_tool;
use crate::domain::slots::{MAX_SLOTS, Slot};
use crate::domain::text::Token;

/// The fewest words that a clause can be added to.
const FEWEST: usize = 2;

/// The asks that a text and the facts leave open. What was not done, or is denied, is not asked about.
pub fn lacking<'a>(lexicon: &Lexicon, asks: &'a [Ask], reading: &Reading, facts: &[Reading]) -> Vec<&'a Ask> {
    if denies_deed(reading) || reading.is_hedged(lexicon) {
        return Vec::new();
    }
    let in_text = |ask: &Ask| match ask.part {
        Part::Tool => names_tool(lexicon, &ask.unless, reading) || names_means(reading),
        Part::Detail => false,
        Part::Scale => reading.tells_scale() || lists_them(lexicon, reading, ask),
        Part::Result => reading.tells_result(lexicon) || tells_change(reading),
    };
    let in_facts = |ask: &Ask| {
        facts.iter().any(|facts| {
            ask.forbids(facts)
                || match ask.part {
                    Part::Tool => names_tool(lexicon, &ask.unless, facts) && !denies_technology(facts),
                    Part::Detail => false,
                    Part::Scale => facts.tells_scale(),
                    Part::Result => facts.tells_result(lexicon) || tells_change(facts) || tells_step(facts) || tells_unknown(facts),
                }
        })
    };
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
    asks.iter().filter(|ask| !in_text(ask) && !in_facts(ask) && !said(ask)).collect()
}

/// Whether a text tells a change by two measures of a kind: `3.4s -> 0.2s`. Counts may be versions: `from 5 to 7`.
fn tells_change(text: &Reading) -> bool {
    let measured = |kind: QuantityKind| text.quantities.iter().filter(|known| known.kind == kind).count() > 1;
    text.quantities.iter().any(|known| known.kind != QuantityKind::Count && measured(known.kind))
}

/// Whether notes tell where something stood before or afterwards: `pages fell from 30 to 9`.
fn tells_step(facts: &Reading) -> bool {
    facts.quantities.iter().any(|known| known.role != Role::Alone)
}

/// `reports in Jasper`, `built with Tandem`: a name that no list knows, told as that with which it was done.
fn names_means(reading: &Reading) -> bool {
    let before = |at: usize| at.checked_sub(1).and_then(|before| reading.tokens.get(before)).map_or("", |token| token.lower.as_str());
    reading.names.iter().any(|at| matches!(before(*at), "in" | "with" | "using" | "via"))
}

/// `order, payment and stock services`, `the invoice module`: who wants to count them can.
fn lists_them(lexicon: &Lexicon, reading: &Reading, ask: &Ask) -> bool {
    let counted = ask.clause.rsplit(' ').next().unwrap_or_default();
    let one = singular(counted);
    // `and normalizing tables` is a deed.
    let is_name = |which: &Token| lexicon.verb(&which.lower).is_none();
    let lists = |three: &[Token]| matches!(three, [and, which, thing] if and.lower == "and" && thing.lower == counted && is_name(which));
    one != counted && reading.tokens.iter().any(|token| token.lower == one) || reading.tokens.windows(3).any(lists)
}

/// `I don't know what it saved`, `never measured`.
fn tells_unknown(facts: &Reading) -> bool {
    let unknown = ["know", "measure", "remember"].map(stem);
    facts.denials.iter().any(|denial| denial.is_plain && denial.head.as_ref().is_some_and(|head| unknown.contains(head)))
}

/// Whether notes say of a technology that it was not used.
fn denies_technology(facts: &Reading) -> bool {
    let is_named = |stem: &String| {
        facts.technologies.iter().filter_map(|known| facts.stems.get(known.first..known.end)).flatten().any(|named| named == stem)
    };
    facts.denials.iter().any(|denial| denial.is_plain && denial.about.iter().any(is_named))
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
            insert_before_purpose(reading, text, &clause).unwrap_or_else(|| text.to_owned())
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
    if !ends_in_its_deed(lexicon, reading) {
        return (text.to_owned(), Vec::new());
    }
    let open = lacking(lexicon, asks, reading, facts);
    // A clause that belongs behind certain words is taken where they stand in the text.
    let has_place = |ask: &Ask| ask.behind.as_deref().is_none_or(|phrase| end_of(text, phrase).is_some());
    let first = |part: Part| open.iter().copied().find(move |ask| ask.part == part && has_place(ask));
    let mut room = MAX_SLOTS;
    let mut take = |ask: Option<&'_ Ask>| ask.filter(|ask| ask.slots.len() <= room).inspect(|ask| room -= ask.slots.len()).cloned();
    let tool = take(first(Part::Tool).filter(|_| place_of_means(reading).is_some()));
    let result = take(first(Part::Result));
    // Where tool, size and result are told, nothing is lacking.
    let lacks = open.iter().any(|ask| ask.part != Part::Detail);
    let mut sizes: Vec<Ask> =
        open.iter().copied().filter(|ask| ask.part == Part::Detail && lacks).filter_map(|ask| take(Some(ask))).collect();
    sizes.extend(take(first(Part::Scale)));
    let mut with_slots = text.to_owned();
    if let Some(tool) = &tool {
        with_slots = insert_before_purpose(reading, text, &tool.clause).unwrap_or(with_slots);
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
    // What tells to what end, or why, stays the last.
    let joint = [" so that ", " so ", " because "].iter().filter_map(|joint| text.find(joint)).min();
    let joint = joint.filter(|at| !text.get(*at..).is_some_and(|rest| rest.starts_with(" so far")));
    match joint.and_then(|joint| text.split_at_checked(joint)) {
        Some((head, rest)) => format!("{}{added},{rest}", head.trim_end_matches(',')),
        None => format!("{text}{added}"),
    }
}

/// People behind whom `with [tool]` would be what they have, and not what it was done with.
const PEOPLE: [&str; 16] = [
    "developers",
    "developer",
    "team",
    "teams",
    "users",
    "user",
    "clients",
    "client",
    "customers",
    "people",
    "colleagues",
    "colleague",
    "staff",
    "members",
    "manager",
    "managers",
];

/// `with [tool]` goes before a trailing `to …` or `for …` or a clause behind a mark, else to the end; nowhere, where it would belong to
/// somebody else: `suggested to the developers with [tool]`, `as asked by the team with [tool]`.
fn insert_before_purpose(reading: &Reading, text: &str, clause: &str) -> Option<String> {
    let at = place_of_means(reading)?;
    Some(match reading.tokens.get(at) {
        Some(token) => {
            let head: String = text.chars().take(token.span.start).collect();
            let tail: String = text.chars().skip(token.span.start).collect();
            let gap = if tail.starts_with([',', ';', ':']) { "" } else { " " };
            format!("{} {clause}{gap}{tail}", head.trim_end())
        }
        None => format!("{text} {clause}"),
    })
}

/// The token before which the means belong, or one past the last.
fn place_of_means(reading: &Reading) -> Option<usize> {
    let begins = |at: usize| reading.clauses.iter().any(|clause| clause.first == at);
    let word = |at: usize| reading.tokens.get(at).map_or("", |token| token.lower.as_str());
    // `logging, monitoring` and `review, testing and deployment` are lists, no clauses.
    let lists = |at: usize| reading.class_at(at).is_some() || matches!(word(at + 1), "" | "," | "and" | "or" | ".");
    let stops = |at: &usize| match word(*at) {
        // `Helped the team to move`: the purpose is the deed.
        // `end to end` is no purpose.
        "to" => *at > 1 && word(at - 1) != word(at + 1) && begins(at + 1) && !(word(0) == "helped" && *at < 5),
        "for" => *at > 1 && !matches!(word(at - 1), "responsible" | "and"),
        "so" | "because" | "including" | "after" | "when" | ":" | "plus" => *at > 1,
        "which" => *at > 1 && word(at - 1) == ",",
        "," | ";" | "-" => *at > 1 && begins(at + 1) && !lists(at + 1),
        _ => *at > 1 && begins(*at) && !matches!(word(at - 1), "to" | "," | ";" | "-" | "and") && !lists(*at),
    };
    let open = (0..reading.tokens.len()).find(stops).map(|at| if at > 1 && word(at - 1) == "," { at - 1 } else { at });
    let at = open.unwrap_or(reading.tokens.len());
    let is_of_others = PEOPLE.contains(&at.checked_sub(1).map_or("", word)) || (0..at).any(|before| matches!(word(before), "as" | "by"));
    (!is_of_others).then_some(at)
}
