//! What sums are told apart by.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing that sums are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// The day, in UTC.
    Day,
    /// The model that was asked.
    Model,
    /// Whose account it is.
    Key,
    /// The prompt version.
    Prompt,
    /// The skill.
    Skill,
}

/// What sums are told apart by, always in the same order; nothing makes one sum of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupBy(Vec<Grouping>);

/// A word that nothing can be grouped by.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is nothing to group by; write some of day, model, key, prompt, skill with commas between them")]
pub struct NoGrouping(String);

impl Grouping {
    /// All of them, in their order.
    pub const ALL: [Self; 5] = [Self::Day, Self::Model, Self::Key, Self::Prompt, Self::Skill];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Model => "model",
            Self::Key => "key",
            Self::Prompt => "prompt",
            Self::Skill => "skill",
        }
    }
}

impl GroupBy {
    /// By the day alone.
    pub fn day() -> Self {
        Self(vec![Grouping::Day])
    }

    /// Whether the sums are told apart by this.
    pub fn has(&self, grouping: Grouping) -> bool {
        self.0.contains(&grouping)
    }

    /// What they are told apart by, in its order.
    pub fn as_slice(&self) -> &[Grouping] {
        &self.0
    }
}

/// Words with commas between them, in any order.
impl FromStr for GroupBy {
    type Err = NoGrouping;

    fn from_str(text: &str) -> Result<Self, NoGrouping> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let named = words.map(|word| {
            let known = Grouping::ALL.into_iter().find(|grouping| grouping.as_str() == word);
            known.ok_or_else(|| NoGrouping(word.to_owned()))
        });
        let mut named = named.collect::<Result<Vec<_>, _>>()?;
        named.sort_unstable();
        named.dedup();
        Ok(Self(named))
    }
}

impl fmt::Display for GroupBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|grouping| grouping.as_str()).collect();
        f.write_str(&words.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_may_come_in_any_order_and_twice() {
        for (text, expected) in [("day", "day"), ("skill, day,skill", "day,skill"), ("", ""), ("prompt,key,model", "model,key,prompt")] {
            assert_eq!(text.parse::<GroupBy>().map(|by| by.to_string()).as_deref(), Ok(expected));
        }
        assert_eq!("day,tenant".parse::<GroupBy>(), Err(NoGrouping("tenant".to_owned())));
    }
}
