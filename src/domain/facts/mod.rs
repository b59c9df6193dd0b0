//! What a text claims: its quantities, technologies, names, ownership, scope and outcomes, each with its place.

mod denials;
mod ownership;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::english::{Sentence, Stretch};
use super::lexicon::{Lexicon, TechnologyHit, Tense, Tier};
use super::quantity::{Quantity, scan};
pub use denials::Denial;

use super::text::{Folded, Span, Token, TokenKind, tokenize};

/// What kind of claim a stretch of text makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// A number with its unit.
    Quantity,
    /// A named technology.
    Technology,
    /// A name that is no known technology.
    ProperNoun,
    /// How far the work was the writer's own.
    Ownership,
    /// A word that widens the claim.
    Scope,
    /// What came of it.
    Outcome,
}

/// A technology or class that a text names, by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Technology {
    /// Its id.
    pub id: String,
    /// First of its tokens.
    pub first: usize,
    /// One past the last of its tokens.
    pub end: usize,
    /// Where it stands in the text as sent.
    pub span: Span,
    /// The version that follows it: `3.11`.
    pub version: Option<String>,
}

/// A clause that tells a result or a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clause {
    /// First of its tokens.
    pub first: usize,
    /// One past the last of its tokens.
    pub end: usize,
    /// Where it stands in the text as sent.
    pub span: Span,
}

/// A text, read once: every claim found and placed.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The text as it was sent.
    pub raw: String,
    /// Its words, marks and slots.
    pub tokens: Vec<Token>,
    /// The same, read as English.
    pub english: Sentence,
    /// The stem of each token.
    pub stems: Vec<String>,
    /// Numbers with their units.
    pub quantities: Vec<Quantity>,
    /// Named technologies.
    pub technologies: Vec<Technology>,
    /// Generic words that stand for a class of technologies.
    pub classes: Vec<Technology>,
    /// Tokens that are names of something unknown.
    pub names: Vec<usize>,
    /// Words that widen the claim, as ranges of tokens.
    pub scope: Vec<(usize, usize)>,
    /// What it denies.
    pub denials: Vec<Denial>,
    /// Clauses that tell a result or a purpose.
    pub clauses: Vec<Clause>,
    /// Number of tokens of the weak opener, 0 without one.
    pub opener_len: usize,
    /// The ownership that the beginning states.
    pub tier: Tier,
    /// Whether characters were left out that nobody can see.
    pub invisible: bool,
}

impl Reading {
    /// Reads a text.
    pub fn new(raw: &str, lexicon: &Lexicon) -> Self {
        let folded = Folded::new(raw);
        let tokens = tokenize(&folded);
        let stems: Vec<String> = tokens.iter().map(|token| lexicon.root(&token.lower)).collect();
        let hits = lexicon.technologies_in(&tokens);
        let technologies: Vec<Technology> = hits.iter().map(|hit| with_version(*hit, &tokens, lexicon)).collect();
        // The `CI` of `GitLab CI` is part of a name.
        let in_name = |class: &TechnologyHit<'_>| hits.iter().any(|hit| hit.first <= class.first && class.end <= hit.end);
        let classes = lexicon.classes_in(&tokens).into_iter().filter(|class| !in_name(class)).map(plain).collect();
        let mut masked: Vec<(usize, usize)> = technologies.iter().filter_map(|hit| folded_range(&tokens, hit.first, hit.end)).collect();
        masked.extend(
            tokens.iter().filter(|token| is_identifier(token) || token.kind == TokenKind::Slot).map(|token| (token.start, token.end)),
        );
        masked.extend(tokens.windows(3).filter(|window| is_round_the_clock(window)).filter_map(|window| folded_range(window, 0, 3)));
        let quantities = scan(&folded, &tokens, &masked);
        let covered = covered(&tokens, &technologies, &quantities, &masked);
        let names = (0..tokens.len()).filter(|at| covered.get(*at) == Some(&false) && is_name(*at, &tokens, lexicon)).collect();
        let english = Sentence::read(lexicon.dictionary(), &tokens, &names_of(&technologies), &numbers_of(&tokens, &quantities));
        let phrases = lexicon.phrases();
        let opener = phrases.opener(&tokens);
        let opener_len = opener.map_or(0, |(_, len)| len);
        let tier = ownership::tier_of(&tokens, opener.map(|(opener, len)| (opener.keeps, len)), lexicon);
        Self {
            raw: raw.to_owned(),
            scope: phrases.scope_words.find(&tokens),
            denials: denials::denials(lexicon, &tokens, &stems),
            clauses: clauses(&tokens, opener_len, lexicon),
            invisible: folded.has_invisible(),
            english,
            tokens,
            stems,
            quantities,
            technologies,
            classes,
            names,
            opener_len,
            tier,
        }
    }

    /// The place of a range of tokens in the text as sent.
    pub fn span(&self, first: usize, end: usize) -> Span {
        self.tokens.iter().skip(first).take(end.saturating_sub(first)).map(|token| token.span).reduce(Span::join).unwrap_or(Span::new(0, 0))
    }

    /// Whether the text names the technology, or something that is a kind of it.
    pub fn supports(&self, id: &str, lexicon: &Lexicon) -> bool {
        self.technologies.iter().chain(&self.classes).any(|known| lexicon.is_kind_of(&known.id, id))
    }

    /// The quantity that covers a token.
    pub fn quantity_at(&self, token: &Token) -> Option<&Quantity> {
        // They stand in order, so only the first that ends behind the token's beginning can cover it.
        let first = self.quantities.partition_point(|quantity| quantity.folded.1 <= token.start);
        self.quantities.get(first).filter(|quantity| quantity.folded.0 < token.end)
    }

    /// Whether a token, by its number, stands in a quantity.
    pub fn quantity_at_token(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| self.quantity_at(token).is_some())
    }

    /// The technology that covers a token.
    pub fn technology_at(&self, at: usize) -> Option<&Technology> {
        self.technologies.iter().find(|technology| (technology.first..technology.end).contains(&at))
    }

    /// The generic words that cover a token.
    pub fn class_at(&self, at: usize) -> Option<&Technology> {
        self.classes.iter().find(|class| (class.first..class.end).contains(&at))
    }

    /// Whether a result is told: a clause of outcome that holds a number or a slot, a bullet that is all outcome, or a zero.
    pub fn tells_result(&self, lexicon: &Lexicon) -> bool {
        let tells_zero = self.tokens.iter().any(|token| token.lower == "zero" || token.lower.starts_with("zero-"));
        tells_zero
            || self.clauses.iter().any(|clause| {
                self.tokens
                    .iter()
                    .skip(clause.first)
                    .take(clause.end - clause.first)
                    .any(|token| self.quantity_at(token).is_some() || token.kind == TokenKind::Slot)
            })
            || self.outcome_verb_with_number(lexicon)
    }

    /// `Cut p99 latency from 3.2s to 180ms`: the whole bullet is the result.
    fn outcome_verb_with_number(&self, lexicon: &Lexicon) -> bool {
        let opens_with_outcome = self.stems.first().is_some_and(|stem| lexicon.phrases().is_outcome(stem));
        opens_with_outcome && self.quantities.iter().any(|quantity| quantity.kind != super::quantity::QuantityKind::Count)
    }

    /// Whether the beginning says that it was planned, tried or asked for, and not that it was done.
    pub fn is_hedged(&self, lexicon: &Lexicon) -> bool {
        let phrases = lexicon.phrases();
        phrases.opener(&self.tokens).is_some_and(|(opener, _)| opener.stays)
            || phrases.hedges.find(&self.tokens).iter().any(|(first, _)| *first < 3)
    }

    /// Whether a number tells how large it was.
    pub fn tells_scale(&self) -> bool {
        // `charged twice` is no size.
        self.quantities.iter().filter(|quantity| quantity.unit != "times" || !quantity.per.is_empty()).any(|quantity| {
            matches!(
                quantity.kind,
                super::quantity::QuantityKind::Count | super::quantity::QuantityKind::Rate | super::quantity::QuantityKind::Size
            )
        })
    }
}

fn names_of(technologies: &[Technology]) -> Vec<Stretch> {
    technologies.iter().map(|known| Stretch { first: known.first, end: known.end }).collect()
}

fn numbers_of(tokens: &[Token], quantities: &[Quantity]) -> Vec<Stretch> {
    let stretch = |known: &Quantity| {
        // The words that qualify a number, `more than`, are words; the number itself begins at its first digit or number word.
        let first = tokens.partition_point(|token| token.end <= known.folded.0);
        let end = tokens.partition_point(|token| token.start < known.folded.1);
        Stretch { first, end }
    };
    quantities.iter().map(stretch).filter(|stretch| stretch.first < stretch.end).collect()
}

fn plain(hit: TechnologyHit<'_>) -> Technology {
    Technology { id: hit.id.to_owned(), first: hit.first, end: hit.end, span: hit.span, version: None }
}

/// `Python 3.11`, `Rails 5`: a bare number right behind a product is its version.
fn with_version(hit: TechnologyHit<'_>, tokens: &[Token], lexicon: &Lexicon) -> Technology {
    let mut technology = plain(hit);
    let Some(next) = tokens.get(hit.end) else { return technology };
    let bare = next.text.trim_start_matches(['v', 'V']);
    let is_number =
        !bare.is_empty() && bare.split('.').all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    let adjoins = tokens.get(hit.end - 1).is_some_and(|last| next.start <= last.end + 1);
    let unit_follows = tokens.get(hit.end + 1).is_some_and(|after| {
        after.is_mark("%")
            || after.is_mark(",") && tokens.get(hit.end + 2).is_some_and(|digits| digits.start == after.end)
            || is_counted(after)
    });
    // `dockerizing 6 apps` counts apps.
    let is_deed = tokens.get(hit.end - 1).is_some_and(|last| last.lower.ends_with("ing") || last.lower.ends_with("ized"));
    if is_number && adjoins && !unit_follows && !is_deed && !lexicon.is_generic(hit.id) {
        technology.version = Some(bare.to_owned());
        technology.end += 1;
        technology.span = technology.span.join(next.span);
    }
    technology
}

/// `Kafka 3 times`, `Redis 5 nodes` count; `Java 17 services` names a version, as a plural right behind a lone number seldom follows a product.
fn is_counted(after: &Token) -> bool {
    matches!(
        after.lower.as_str(),
        "times" | "ms" | "s" | "seconds" | "minutes" | "hours" | "days" | "nodes" | "clusters" | "topics" | "million" | "k" | "percent"
    )
}

fn folded_range(tokens: &[Token], first: usize, end: usize) -> Option<(usize, usize)> {
    Some((tokens.get(first)?.start, tokens.get(end.checked_sub(1)?)?.end))
}

/// `EC2`, `p99`, `k8s`, `SHA-256`: letters first, a digit within.
fn is_identifier(token: &Token) -> bool {
    token.is_word()
        && (token.text.starts_with(|c: char| c.is_alphabetic()) && token.text.chars().any(|c| c.is_ascii_digit()) || token.lower == "24x7")
}

/// `2FA`, `12services`: a digit first and letters that are no unit; `3rd` is an order.
fn is_numbered(token: &Token) -> bool {
    let letters = token.lower.trim_start_matches(|c: char| c.is_ascii_digit());
    letters.len() < token.lower.len() && !["st", "nd", "rd", "th"].iter().any(|order| letters.starts_with(order))
}

/// `24/7`: two numbers that count nothing.
fn is_round_the_clock(window: &[Token]) -> bool {
    window.iter().map(|token| token.text.as_str()).eq(["24", "/", "7"])
}

/// Which tokens a technology, a quantity or `24/7` takes up.
fn covered(tokens: &[Token], technologies: &[Technology], quantities: &[Quantity], masked: &[(usize, usize)]) -> Vec<bool> {
    let within = |(start, end): (usize, usize)| {
        let first = tokens.partition_point(|token| token.end <= start);
        (first..tokens.len()).take_while(move |at| tokens.get(*at).is_some_and(|token| token.start < end))
    };
    let clock = |range: &&(usize, usize)| within(**range).count() > 1;
    let numbers = quantities.iter().map(|known| known.folded).chain(masked.iter().filter(clock).copied());
    let mut covered = vec![false; tokens.len()];
    for at in technologies.iter().flat_map(|known| known.first..known.end).chain(numbers.flat_map(within)) {
        covered.get_mut(at).into_iter().for_each(|covered| *covered = true);
    }
    covered
}

/// Whether a token is a name of something unknown: written like one, and no word of the lists.
fn is_name(at: usize, tokens: &[Token], lexicon: &Lexicon) -> bool {
    let Some(token) = tokens.get(at).filter(|token| token.is_word()) else { return false };
    let phrases = lexicon.phrases();
    let is_function_word =
        || phrases.glue.has_word(&token.lower) || phrases.first_person.has_word(&token.lower) || phrases.negations.has_word(&token.lower);
    let opens = at == 0 || tokens.get(at - 1).is_some_and(|before| before.is_mark(".") || before.is_mark("*") || before.is_mark("-"));
    let capitals = token.text.chars().filter(|c| c.is_uppercase()).count();
    let starts_upper = token.text.starts_with(char::is_uppercase);
    // `Payments API` at the beginning is a sentence; `GitLab` and `IBM` are names wherever they stand.
    let inner_capital = capitals > 1 || (capitals == 1 && !starts_upper);
    let is_written_like_one = token.is_link()
        || is_identifier(token)
        || is_numbered(token)
        || inner_capital
        || (starts_upper && !opens && (lexicon.verb(&token.lower).is_none() || stands_amid(at, tokens)));
    is_written_like_one && !is_function_word()
}

/// `Ktor and Exposed`: a deed would be written small behind a small word.
fn stands_amid(at: usize, tokens: &[Token]) -> bool {
    at.checked_sub(1)
        .and_then(|before| tokens.get(before))
        .is_some_and(|before| before.is_word() && before.text.starts_with(char::is_lowercase))
}

/// Clauses that tell a result or a purpose: from their marker to the next one or the end.
fn clauses(tokens: &[Token], opener_len: usize, lexicon: &Lexicon) -> Vec<Clause> {
    // `Contributed to upgrade of` is no purpose.
    let starts: Vec<usize> = (0..tokens.len()).filter(|at| *at > opener_len && begins_clause(*at, tokens, lexicon)).collect();
    starts
        .iter()
        .enumerate()
        .map(|(position, first)| {
            let mut end = starts.get(position + 1).copied().unwrap_or(tokens.len());
            while end > first + 1 && tokens.get(end - 1).is_some_and(|last| matches!(last.text.as_str(), "." | "," | ";" | "-")) {
                end -= 1;
            }
            let span = tokens.iter().skip(*first).take(end - first).map(|token| token.span).reduce(Span::join).unwrap_or(Span::new(0, 0));
            Clause { first: *first, end, span }
        })
        .collect()
}

/// `, cutting`, `; reduced`, `- improving`, `resulting in`, `to improve`, `and reduced`.
fn begins_clause(at: usize, tokens: &[Token], lexicon: &Lexicon) -> bool {
    let phrases = lexicon.phrases();
    let Some(token) = tokens.get(at) else { return false };
    // `to improve` begins at its verb, like any other `to`.
    if token.lower != "to" && phrases.result_markers.end_at(tokens, at).is_some_and(|end| end > at + 1) {
        return true;
    }
    let form = lexicon.verb(&token.lower);
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let after_mark = before.is_some_and(|before| matches!(before.text.as_str(), "," | ";" | "-" | ":" | "("));
    if before.is_some_and(|before| before.is_mark(";") || before.is_mark(":"))
        || token.lower == "which"
        || before.is_some_and(|before| before.is_mark(",")) && token.lower == "with"
    {
        return true;
    }
    let after_word = |words: &[&str]| before.is_some_and(|before| words.contains(&before.lower.as_str()));
    match form {
        Some(form) if form.tense == Tense::Ing => {
            after_mark || after_word(&["while", "thereby", "thus", "by"]) && phrases.is_outcome(&form.verb.stem)
        }
        Some(form) if form.tense == Tense::Base => {
            // `to version 3` names a goal, no deed.
            let is_label =
                form.verb.base == "version" && tokens.get(at + 1).is_some_and(|next| next.lower.starts_with(|c: char| c.is_numeric()));
            after_word(&["to"]) && !is_label
        }
        Some(form) => (after_mark || after_word(&["and", "which"])) && phrases.is_outcome(&form.verb.stem),
        None => after_mark && token.lower.len() > 5 && token.lower.ends_with("ing"),
    }
}
