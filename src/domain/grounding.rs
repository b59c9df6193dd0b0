//! stub
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
/// x
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReceiptKind {
    /// a
    Source,
    /// b
    Fact,
    /// c
    Alias,
    /// d
    Paraphrase,
    /// e
    Verb,
    /// f
    Glue,
    /// g
    Slot,
}
/// x
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// a
    Hard,
    /// b
    Soft,
}
/// x
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// a
    Rewrite,
    /// b
    Bullet,
}
/// x
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ViolationCode {
    /// a
    NewQuantity,
}
