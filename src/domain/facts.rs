//! stub
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
/// What kind of claim a stretch of text makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// A number with its unit.
    Quantity,
    /// A named technology.
    Technology,
    /// A name that is no technology.
    ProperNoun,
    /// How far the work was the writer's own.
    Ownership,
    /// A word that widens the claim.
    Scope,
    /// What came of it.
    Outcome,
}
