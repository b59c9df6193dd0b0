//! The guide as data: what gets a developer hired, skill by skill; read from TOML and checked once, when it is loaded.
//!
//! `file` holds the shapes of the file, `lint` what it must keep to; a [`Guide`] is a file without faults. `cues` tells which clauses fit a
//! bullet, `terms` which words of the guide a job may ask for.

mod cues;
mod file;
mod lint;
mod terms;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::facts::Reading;
use super::lexicon::Lexicon;
use super::slots::Slot;
use super::text::{Folded, TokenKind, tokenize};

pub use file::{
    Amount, Ask, AskSlot, Certification, Example, GeneralCard, GuideFile, Keyword, KeywordGroup, LearningSource, Origin, OtherField, Part,
    PortfolioSignal, Range, Signs, SkillEntry, SkillKind, SourceCost, SourceKind, Tier, WorkKind,
};
pub use terms::{Means, Term, Terms};

/// The clauses that fit one bullet.
#[derive(Debug, Clone)]
pub struct Asks {
    all: Vec<Ask>,
    asked: usize,
}

impl Asks {
    /// Those that the bullet may be asked by.
    pub fn asked(&self) -> &[Ask] {
        self.all.get(..self.asked).unwrap_or_default()
    }

    /// All that may stand in a rewrite of it.
    pub fn all(&self) -> &[Ask] {
        &self.all
    }
}

/// One fault of a guide file: where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideFault {
    /// The file.
    pub file: String,
    /// The key, such as `skills[3].asks[0].clause`.
    pub key: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl fmt::Display for GuideFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.key, self.reason)
    }
}

/// A guide that holds what it promises; only [`Guide::parse`] makes one.
#[derive(Debug)]
pub struct Guide {
    file: GuideFile,
    terms: Terms,
}

impl Guide {
    /// Reads a guide file and checks it whole; every fault is told, not only the first.
    pub fn parse(file_name: &str, text: &str, lexicon: &Lexicon) -> Result<Self, Vec<GuideFault>> {
        let file = file::read(file_name, text).map_err(|fault| vec![fault])?;
        let faults = lint::faults(file_name, &file, lexicon);
        if faults.is_empty() { Ok(Self { terms: Terms::new(&file, lexicon), file }) } else { Err(faults) }
    }

    /// The id that requests name.
    pub fn id(&self) -> &str {
        &self.file.id
    }

    /// All of it.
    pub const fn file(&self) -> &GuideFile {
        &self.file
    }

    /// The words of it that a job may ask for.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The skills, in the guide's order.
    pub fn skills(&self) -> &[SkillEntry] {
        &self.file.skills
    }

    /// The fields of work that are none of the skills.
    pub fn other_fields(&self) -> &[OtherField] {
        &self.file.other_fields
    }

    /// The skill of this id.
    pub fn skill(&self, id: &str) -> Option<&SkillEntry> {
        self.file.skills.iter().find(|skill| skill.id == id)
    }

    /// Every clause that this guide asks by.
    pub fn every_ask(&self) -> impl Iterator<Item = &Ask> {
        let skills = self.file.skills.iter().flat_map(|skill| skill.asks.iter().chain(&skill.more_asks));
        skills.chain(&self.file.general.asks).chain(self.file.general.kinds.iter().flat_map(|kind| &kind.asks))
    }

    /// What this bullet may lack, what is nearest to its words first; and behind that, from the number returned on, the clauses that a
    /// model may have been shown beside those.
    pub fn asks_for(&self, skill: Option<&SkillEntry>, bullet: &Reading) -> Asks {
        let text = cues::text_of(bullet);
        let fits = |ask: &&Ask| cues::fits(ask, bullet, &text);
        let shown = self.asks(skill);
        let (mut all, rest): (Vec<Ask>, Vec<Ask>) = match skill {
            Some(skill) => (
                skill.more_asks.iter().chain(shown).filter(fits).cloned().collect(),
                shown.iter().filter(|ask| !fits(ask)).cloned().collect(),
            ),
            None => match cues::kind(&self.file.general.kinds, &text) {
                Some(kind) => (kind.asks.iter().filter(fits).cloned().collect(), shown.to_vec()),
                None => (shown.to_vec(), Vec::new()),
            },
        };
        let asked = all.len();
        all.extend(rest);
        Asks { all, asked }
    }

    /// What a weak bullet on this skill lacks; the general card's asks without a skill.
    pub fn asks<'a>(&'a self, skill: Option<&'a SkillEntry>) -> &'a [Ask] {
        skill.map_or(&self.file.general.asks, |skill| &skill.asks)
    }
}

/// All loaded guides.
#[derive(Debug, Clone)]
pub struct Guides {
    by_id: BTreeMap<String, Arc<Guide>>,
    default: Arc<Guide>,
}

impl Guides {
    /// The guides of a service; the first is the default. `None` without any, `Err` with the id that two of them share.
    pub fn new(guides: Vec<Guide>) -> Option<Result<Self, String>> {
        let mut guides = guides.into_iter().map(Arc::new);
        let default = guides.next()?;
        let mut by_id = BTreeMap::from([(default.id().to_owned(), Arc::clone(&default))]);
        for guide in guides {
            if let Some(twin) = by_id.insert(guide.id().to_owned(), guide) {
                return Some(Err(twin.id().to_owned()));
            }
        }
        Some(Ok(Self { by_id, default }))
    }

    /// The guide of this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Guide>> {
        self.by_id.get(id)
    }

    /// The guide that is used when a request names none.
    pub const fn default_guide(&self) -> &Arc<Guide> {
        &self.default
    }

    /// All guides, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Guide>> {
        self.by_id.values()
    }
}

/// The labels of a clause, in order.
pub fn labels(clause: &str) -> Vec<String> {
    tokenize(&Folded::new(clause))
        .into_iter()
        .filter(|token| token.kind == TokenKind::Slot)
        .map(|token| token.text.trim_matches(['[', ']']).to_owned())
        .collect()
}

/// The slots of an ask, numbered from `first`.
pub fn slots_of(ask: &Ask, first: usize) -> impl Iterator<Item = Slot> {
    ask.slots.iter().enumerate().map(move |(at, slot)| Slot::new(first + at, slot.label.clone(), slot.kind, slot.question.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = include_str!("../../../guides/backend-developer.toml");

    fn parse(text: &str) -> Result<Guide, Vec<GuideFault>> {
        Guide::parse("guide.toml", text, &Lexicon::embedded().expect("the embedded lists are sound"))
    }

    #[test]
    fn the_backend_guide_holds_all_fifteen_skills_and_every_list_of_its_source() {
        let guide = parse(GUIDE).expect("the guide is sound");
        let file = guide.file();
        let count = |tier| file.skills.iter().filter(|skill| skill.tier == tier).count();
        assert_eq!((count(Tier::MustHave), count(Tier::NiceToHave), count(Tier::Emerging)), (8, 5, 2));
        assert_eq!(file.keyword_groups.iter().map(|group| group.keywords.len()).collect::<Vec<_>>(), [10; 5]);
        assert_eq!((file.certifications.len(), file.portfolio_signals.len(), file.learning_sources.len()), (6, 4, 9));
        let told = file.skills.iter().flat_map(|skill| &skill.examples).filter(|example| example.origin == Origin::Guide).count();
        assert_eq!(told, 5);
    }

    #[test]
    fn a_fault_names_the_file_the_key_and_the_reason() {
        for (from, to, key, reason) in [
            ("tier = \"must-have\"", "tier = \"vital\"", "skills[0].tier", "unknown variant"),
            ("weight = 5", "weight = 9", "weight", "not between 1 and 5"),
            ("clause = \"with [cache tool]\"", "clause = \"with 2 [cache tool]\"", "clause", "digit"),
            ("Which cache did you use?", "Which cache, e.g. 5 Redis nodes?", "question", "hold no value"),
            ("id = \"caching\"", "id = \"auth\"", "id", "stands twice"),
            ("id = \"backend-developer\"", "id = \"Backend Developer\"", "id", "is not an id"),
            ("edition = ", "editon = ", "editon", "unknown field"),
            ("id = \"builds\"", "id = \"tests\"", "general.kinds[1].id", "stands twice"),
            ("when = [\"memory*\", \"leak*\", \"heap\", \"garbage\"]", "", "skills[0].more_asks[0].when", "is empty"),
            ("when = [\"memory*\"", "when = [\"Memory*\"", "skills[0].more_asks[0].when", "lower case"),
        ] {
            let faults = parse(&GUIDE.replacen(from, to, 1)).expect_err(to);
            let told = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
            assert!(told.contains("guide.toml") && told.contains(key) && told.contains(reason), "{to}: {told}");
        }
    }

    #[test]
    fn no_example_in_slot_form_holds_a_figure_or_a_product() {
        let broken =
            GUIDE.replacen("before = \"Added caching to improve API performance.\"", "before = \"Added Redis to improve it by 40%.\"", 1);
        let told = parse(&broken).expect_err("a product and a figure").iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(told.contains("names `Redis`") && told.contains("holds a digit"), "{told}");
    }

    #[test]
    fn not_toml_at_all_is_a_fault_with_a_line() {
        let faults = parse("id = \"x\"\ntitle = ").expect_err("cut short");
        assert!(faults[0].file.starts_with("guide.toml:"), "{faults:?}");
    }
}
