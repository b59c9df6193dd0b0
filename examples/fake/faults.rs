//! What can go wrong at a provider, by name, and how often it does.

use std::str::FromStr;

use super::Dice;

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 429 with `Retry-After` in seconds.
    RetryAfterSeconds,
    /// 429 with `retry-after-ms`.
    RetryAfterMillis,
    /// 429 with `Retry-After` as an HTTP date.
    RetryAfterDate,
    /// 529, as Anthropic says that it is overloaded.
    Overloaded,
    /// 500.
    ServerError,
    /// 429 that waiting does not help: one of the codes for an empty account.
    Quota,
    /// 200 with an error in the body.
    ErrorInSuccess,
    /// Nothing ever comes.
    Stall,
    /// The body comes byte by byte.
    Trickle,
    /// The connection breaks in the middle of the body.
    Cut,
    /// The answer met the token limit.
    Truncated,
    /// The answer is cut, and says that it is whole.
    BrokenJson,
    /// The answer stands in a Markdown fence, with words before it.
    Fenced,
    /// The answer is JSON of another shape.
    WrongSchema,
    /// The answer says what the bullet does not.
    Invented,
    /// The model declines.
    Refusal,
    /// Another model than the one that was asked answers.
    WrongModel,
    /// The usage is all zeros, and so is the bill.
    ZeroUsage,
    /// The usage is left out.
    NoUsage,
    /// Half of the prompt came from a cache.
    CachedUsage,
    /// The result of one bullet of several is left out.
    LeftOut,
    /// The result of one bullet of several comes twice.
    Doubled,
    /// The result of one bullet of several has the number of none.
    StrangeId,
    /// The result of one bullet of several has another shape.
    BadElement,
}

impl Fault {
    /// What can only go wrong in an answer to several bullets; an answer to one is honest then.
    pub(crate) const IN_GROUPS: [Self; 4] = [Self::LeftOut, Self::Doubled, Self::StrangeId, Self::BadElement];
    /// Every other fault.
    pub(crate) const ALL: [Self; 20] = [
        Self::RetryAfterSeconds,
        Self::RetryAfterMillis,
        Self::RetryAfterDate,
        Self::Overloaded,
        Self::ServerError,
        Self::Quota,
        Self::ErrorInSuccess,
        Self::Stall,
        Self::Trickle,
        Self::Cut,
        Self::Truncated,
        Self::BrokenJson,
        Self::Fenced,
        Self::WrongSchema,
        Self::Invented,
        Self::Refusal,
        Self::WrongModel,
        Self::ZeroUsage,
        Self::NoUsage,
        Self::CachedUsage,
    ];

    /// Its name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::RetryAfterSeconds => "retry-after-seconds",
            Self::RetryAfterMillis => "retry-after-ms",
            Self::RetryAfterDate => "retry-after-date",
            Self::Overloaded => "overloaded",
            Self::ServerError => "server-error",
            Self::Quota => "quota",
            Self::ErrorInSuccess => "error-in-200",
            Self::Stall => "stall",
            Self::Trickle => "trickle",
            Self::Cut => "cut",
            Self::Truncated => "truncated",
            Self::BrokenJson => "broken-json",
            Self::Fenced => "fenced",
            Self::WrongSchema => "wrong-schema",
            Self::Invented => "invented",
            Self::Refusal => "refusal",
            Self::WrongModel => "wrong-model",
            Self::ZeroUsage => "zero-usage",
            Self::NoUsage => "no-usage",
            Self::CachedUsage => "cached-usage",
            Self::LeftOut => "left-out",
            Self::Doubled => "doubled",
            Self::StrangeId => "strange-id",
            Self::BadElement => "bad-element",
        }
    }
}

/// Which faults, and how often.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    kinds: Vec<Fault>,
    percent: u64,
}

impl Faults {
    /// One of these in so many calls of a hundred.
    pub(crate) fn of(kinds: &[Fault], percent: u64) -> Self {
        Self { kinds: kinds.to_vec(), percent }
    }

    /// All of them but an empty account, which is no accident: it stays empty.
    pub(crate) fn mixed(percent: u64) -> Self {
        Self { kinds: Fault::ALL.into_iter().filter(|fault| *fault != Fault::Quota).collect(), percent }
    }

    /// The same, and what can only go wrong in an answer to several bullets.
    pub(crate) fn mixed_in_groups(percent: u64) -> Self {
        let Self { mut kinds, percent } = Self::mixed(percent);
        kinds.extend(Fault::IN_GROUPS);
        Self { kinds, percent }
    }

    pub(super) fn dealt(&self, dice: Dice) -> Option<Fault> {
        let kind = usize::try_from(dice.below(2, self.kinds.len() as u64)).ok()?;
        self.kinds.get(kind).copied().filter(|_| dice.below(1, 100) < self.percent)
    }
}

/// `none`, or `mixed:20`, or `mixed-in-groups:20`, or `stall,cut:50`; without a number it is every call.
impl FromStr for Faults {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (names, percent) = text.split_once(':').unwrap_or((text, "100"));
        let percent = percent.parse().map_err(|_| format!("`{percent}` is not a number of calls in a hundred"))?;
        match names {
            "none" => Ok(Self::default()),
            "mixed" => Ok(Self::mixed(percent)),
            "mixed-in-groups" => Ok(Self::mixed_in_groups(percent)),
            _ => {
                let kind = |name: &str| known().find(|fault| fault.name() == name).ok_or_else(|| unknown(name));
                Ok(Self::of(&names.split(',').map(kind).collect::<Result<Vec<_>, _>>()?, percent))
            }
        }
    }
}

fn known() -> impl Iterator<Item = Fault> {
    Fault::ALL.into_iter().chain(Fault::IN_GROUPS)
}

fn unknown(name: &str) -> String {
    let names: Vec<&str> = known().map(Fault::name).collect();
    format!("there is no fault `{name}`; there are none, mixed, mixed-in-groups, {}", names.join(", "))
}
