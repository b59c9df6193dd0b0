//! The text a person sent: checked once at the edge, good from then on.

use super::text::{Folded, is_control};

/// The most characters (Unicode code points) a bullet may have.
pub const MAX_BULLET: usize = 600;
/// The most characters facts may have.
pub const MAX_FACTS: usize = 4_000;
/// The most characters a job description may have.
pub const MAX_JOB: usize = 20_000;

/// Why a text cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing that can be seen.
    #[error("is empty; send the text of one bullet")]
    Empty,
    /// Too many characters.
    #[error("has {found} characters; at most {limit} can be used")]
    TooLong {
        /// Characters found.
        found: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// A character that no text may hold.
    #[error("holds the control character U+{code:04X} at position {position}; remove it")]
    Control {
        /// The character.
        code: u32,
        /// Where, in code points from 0.
        position: usize,
    },
}

/// One bullet of a resume: not empty, not too long, without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bullet {
    raw: String,
}

impl Bullet {
    /// Checks a bullet.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        check_text(raw, MAX_BULLET)?;
        if Folded::new(raw).chars().iter().all(|c| c.is_whitespace()) {
            return Err(TextError::Empty);
        }
        Ok(Self { raw: raw.to_owned() })
    }

    /// The text as it was sent.
    pub fn as_str(&self) -> &str {
        &self.raw
    }
}

/// Checks a text that may be empty: facts, a job description.
pub fn check_text(raw: &str, limit: usize) -> Result<(), TextError> {
    let found = raw.chars().count();
    if found > limit {
        return Err(TextError::TooLong { found, limit });
    }
    match raw.chars().enumerate().find(|(_, c)| is_control(*c)) {
        Some((position, c)) => Err(TextError::Control { code: u32::from(c), position }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bullet_is_seen_short_and_free_of_control_characters() {
        for (raw, expected) in [
            ("", Err(TextError::Empty)),
            (" \t\r\n", Err(TextError::Empty)),
            ("\u{200b}\u{feff}", Err(TextError::Empty)),
            ("a\u{0}b", Err(TextError::Control { code: 0, position: 1 })),
            ("a\u{1b}[0m", Err(TextError::Control { code: 27, position: 1 })),
            ("ab\u{7f}", Err(TextError::Control { code: 0x7f, position: 2 })),
            ("a\u{85}b", Err(TextError::Control { code: 0x85, position: 1 })),
            ("\u{9f}", Err(TextError::Control { code: 0x9f, position: 0 })),
            ("\u{2800}\u{3164}\u{e0041}", Err(TextError::Empty)),
            ("Built a chat \u{1f468}\u{200d}\u{1f469}", Ok(())),
            ("Built\tREST\r\nAPIs", Ok(())),
        ] {
            assert_eq!(Bullet::parse(raw).map(|_| ()), expected, "{raw:?}");
        }
    }

    #[test]
    fn length_counts_code_points_not_bytes() {
        assert!(Bullet::parse(&"é".repeat(MAX_BULLET)).is_ok());
        assert_eq!(Bullet::parse(&"é".repeat(MAX_BULLET + 1)), Err(TextError::TooLong { found: 601, limit: 600 }));
    }
}
