//! `POST /v1/matches`: which skill of the guide does a bullet show? No model.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// The order: only `bullets` is required.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchRequest {
    /// The bullets, in order.
    #[schemars(length(min = 1, max = 1000))]
    pub bullets: Vec<MatchInput>,
    /// The guide; the first loaded one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<String>,
}

/// A bullet: its text alone, or with an id of the caller's.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum MatchInput {
    /// The text alone.
    Text(#[schemars(length(min = 1, max = 600))] String),
    /// The text with an id.
    Named(MatchObject),
}

/// A bullet with an id of the caller's.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchObject {
    /// Passed through; any JSON scalar.
    #[serde(default)]
    #[schemars(extend("type" = ["string", "number", "boolean", "null"]))]
    pub id: Value,
    /// The bullet.
    #[schemars(length(min = 1, max = 600))]
    pub text: String,
}

/// Hand-written, because an untagged enum would lose the place of a fault inside the object.
impl<'de> Deserialize<'de> for MatchInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrObject;
        impl<'de> Visitor<'de> for TextOrObject {
            type Value = MatchInput;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, or an object with `text`")
            }

            fn visit_str<E>(self, text: &str) -> Result<MatchInput, E> {
                Ok(MatchInput::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<MatchInput, A::Error> {
                MatchObject::deserialize(MapAccessDeserializer::new(map)).map(MatchInput::Named)
            }
        }
        deserializer.deserialize_any(TextOrObject)
    }
}

/// The answer: one result a bullet, in the order of the request.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MatchAnswer {
    /// One result a bullet.
    pub results: Vec<MatchResult>,
}

/// The skill of one bullet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MatchResult {
    /// Its position in the request, from 0.
    pub index: usize,
    /// The caller's id, passed through.
    #[schemars(extend("type" = ["string", "number", "boolean", "null"]))]
    pub id: Value,
    /// The skill's id; `null` when none fits.
    pub skill: Option<String>,
    /// How sure the best candidate is, 0 to 1, also when `skill` is `null`.
    #[schemars(range(min = 0, max = 1))]
    pub confidence: f64,
    /// The words of the bullet that speak for the best candidate.
    pub matched: Vec<String>,
    /// The other candidates, best first.
    pub alternatives: Vec<Alternative>,
}

/// Another candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alternative {
    /// The skill's id.
    pub skill: String,
    /// How sure it is, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub confidence: f64,
}
