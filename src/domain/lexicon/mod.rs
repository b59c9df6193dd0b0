//! stub
use super::text::Token;
/// x
#[derive(Debug)]
pub struct Lexicon {}
/// x
pub struct TechnologyHit<'a> {
    pub id: &'a str,
}
/// x
#[derive(Debug, thiserror::Error)]
#[error("the word list {file} cannot be used: {reason}")]
pub struct LexiconError {
    pub file: &'static str,
    pub reason: String,
}
impl Lexicon {
    /// The word lists that are baked in.
    pub fn embedded() -> Result<Self, LexiconError> {
        todo!()
    }
    pub fn technologies_in(&self, _: &[Token]) -> Vec<TechnologyHit<'_>> {
        todo!()
    }
    pub fn is_generic(&self, _: &str) -> bool {
        todo!()
    }
    pub fn display(&self, _: &str) -> &str {
        todo!()
    }
    pub fn knows_class(&self, _: &str) -> bool {
        todo!()
    }
}
