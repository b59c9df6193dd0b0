//! What a weak bullet lacks, asked for in typed slots, at the place where the clause reads well.

use crate::domain::facts::Reading;
use crate::domain::grounding::Evidence;
use crate::domain::guide::{Ask, Part, slots_of};
use crate::domain::lexicon::Lexicon;
use crate::domain::scoring::names_tool;
use crate::domain::slots::{MAX_SLOTS, Slot};

/// The fewest words that a clause can be added to.
const FEWEST: usize = 2;

/// The asks of the skill that a text and the facts leave open. What was not done, or is denied, is not asked about.
pub fn lacking<'a>(lexicon: &Lexicon, asks: &'a [Ask], reading: &Reading, facts: &[Reading]) -> Vec<&'a Ask> {
    let denies = reading
        .tokens
        .iter()
        .any(|token| matches!(token.lower.as_str(), "not" | "never" | "no" | "cannot") || token.lower.ends_with("n't"));
    if denies || reading.is_hedged(lexicon) {
        return Vec::new();
    }
    let told = |ask: &Ask, text: &Reading| match ask.part {
        Part::Tool => names_tool(lexicon, &ask.unless, text),
        Part::Scale => text.tells_scale(),
        Part::Result => text.tells_result(lexicon),
    };
    // A tool of the facts is put in where they leave no choice; where they leave one, the question stays.
    let in_facts = |ask: &Ask| ask.part != Part::Tool && facts.iter().any(|facts| told(ask, facts));
    // `saving the team hours, saving [time saved]`, `using Axios using [web framework]`: the first word stands there already.
    let said = |ask: &Ask| {
        let clause = Reading::new(&ask.clause, lexicon);
        let first = clause.tokens.first().zip(clause.stems.first());
        first.is_some_and(|(token, stem)| (ask.part != Part::Tool || token.lower == "using") && reading.stems.contains(stem))
    };
    asks.iter().filter(|ask| !told(ask, reading) && !in_facts(ask) && !said(ask)).collect()
}

/// The text with the tool that the facts name, where it names none itself; only when the facts leave no choice.
pub(super) fn with_tool_of_facts(lexicon: &Lexicon, asks: &[Ask], text: &str, evidence: &Evidence) -> String {
    let reading = Reading::new(text, lexicon);
    let open = lacking(lexicon, asks, &reading, &[]);
    let Some(ask) = open.into_iter().find(|ask| ask.part == Part::Tool && ask.slots.len() == 1) else { return text.to_owned() };
    let answers = |id: &str| !evidence.denies(id) && ask.unless.iter().any(|class| class != "any" && lexicon.is_kind_of(id, class));
    let mut named: Vec<&str> =
        evidence.facts.iter().flat_map(|facts| &facts.technologies).map(|known| known.id.as_str()).filter(|id| answers(id)).collect();
    named.dedup();
    match (named.as_slice(), ask.slots.first()) {
        ([id], Some(slot)) => {
            let clause = ask.clause.replace(&format!("[{}]", slot.label), lexicon.display(id));
            insert_before_purpose(&reading, text, &clause)
        }
        _ => text.to_owned(),
    }
}

/// The clauses of the skill that the text lacks, put where they read well; at most three slots.
pub fn ask_for_missing(lexicon: &Lexicon, asks: &[Ask], text: &str, facts: &[Reading]) -> (String, Vec<Slot>) {
    let reading = Reading::new(text, lexicon);
    if reading.tokens.iter().filter(|token| token.is_word()).count() < FEWEST.max(reading.opener_len + 1) {
        return (text.to_owned(), Vec::new());
    }
    let open = lacking(lexicon, asks, &reading, facts);
    let lacking = |part: Part| open.iter().copied().find(move |ask| ask.part == part);
    let mut room = MAX_SLOTS;
    let mut take = |ask: Option<&'_ Ask>| ask.filter(|ask| ask.slots.len() <= room).inspect(|ask| room -= ask.slots.len()).cloned();
    let tool = take(lacking(Part::Tool));
    let result = take(lacking(Part::Result));
    let scale = take(lacking(Part::Scale));
    let mut with_slots = text.to_owned();
    if let Some(tool) = &tool {
        with_slots = insert_before_purpose(&reading, text, &tool.clause);
    }
    for ask in [&scale, &result].into_iter().flatten() {
        with_slots = format!("{with_slots}, {}", ask.clause);
    }
    let mut slots: Vec<Slot> = Vec::new();
    for ask in [&tool, &scale, &result].into_iter().flatten() {
        let first = slots.len();
        slots.extend(slots_of(ask, first));
    }
    (with_slots, slots)
}

/// `with [tool]` goes before a trailing `to …` or `for …` or a clause behind a mark, else to the end.
fn insert_before_purpose(reading: &Reading, text: &str, clause: &str) -> String {
    let begins = |at: usize| reading.clauses.iter().any(|clause| clause.first == at);
    let word = |at: usize| reading.tokens.get(at).map_or("", |token| token.lower.as_str());
    // `logging, monitoring` and `review, testing and deployment` are lists, no clauses.
    let lists = |at: usize| reading.class_at(at).is_some() || matches!(word(at + 1), "" | "," | "and" | "or" | ".");
    let stops = |at: &usize| match word(*at) {
        "to" => *at > 1 && begins(at + 1),
        "for" => *at > 1 && word(at - 1) != "responsible",
        "," | ";" | "-" => *at > 1 && begins(at + 1) && !lists(at + 1),
        _ => *at > 1 && begins(*at) && !matches!(word(at - 1), "to" | "," | ";" | "-" | "and") && !lists(*at),
    };
    match (0..reading.tokens.len()).find(stops).and_then(|at| reading.tokens.get(at)) {
        Some(token) => {
            let head: String = text.chars().take(token.span.start).collect();
            let tail: String = text.chars().skip(token.span.start).collect();
            let gap = if tail.starts_with([',', ';']) { "" } else { " " };
            format!("{} {clause}{gap}{tail}", head.trim_end())
        }
        None => format!("{text} {clause}"),
    }
}
