//! What a model must return: the one type from which both the prompt's schema and the parser come.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The rewrites a model proposes; nothing in it is believed before `grounding` has checked it.
///
/// The descriptions are part of what the model reads, and so of every request hash; they are written apart from the documentation,
/// so that a comment can be mended without a new recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "Rewrites of one resume bullet.")]
pub struct Draft {
    /// As many rewrites as were asked for.
    #[schemars(description = "As many as were asked for.")]
    pub variants: Vec<DraftVariant>,
}

/// One proposed rewrite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "One rewrite.")]
pub struct DraftVariant {
    /// The bullet, rewritten.
    #[schemars(description = "The bullet, rewritten with only what the bullet and the facts say; no brackets.")]
    pub text: String,
    /// The same sentence plus clauses of the skill card, each with its `[label]`s, for what is missing.
    ///
    /// Kind and question of a slot come from the guide, by its label: a model cannot suggest a value there.
    #[schemars(description = "The same sentence plus clauses from the list, brackets and all, that ask for what is missing.")]
    pub with_slots: String,
}

/// Name of the schema on the wire.
pub const SCHEMA_NAME: &str = "rewrite_draft";

impl Draft {
    /// The JSON Schema of a draft with that many variants, in the strict subset that providers accept: no references, every key
    /// required, nothing else allowed. Without the limit a small model goes on until its tokens run out.
    pub fn schema(variants: u8) -> Value {
        // The same for every request but for the limit, so it is derived once.
        static DERIVED: LazyLock<Value> = LazyLock::new(strict_schema::<Draft>);
        let mut schema = DERIVED.clone();
        limit_items(&mut schema, "/properties/variants", 1, variants.into());
        schema
    }
}

/// The schema of a type in the strict subset.
pub(super) fn strict_schema<T: JsonSchema>() -> Value {
    let mut schema = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.inline_subschemas = true;
            settings.meta_schema = None;
        })
        .into_generator()
        .into_root_schema_for::<T>();
    Strict.transform(&mut schema);
    schema.to_value()
}

/// Bounds the list at this place of a schema.
pub(super) fn limit_items(schema: &mut Value, pointer: &str, least: u32, most: u32) {
    if let Some(Value::Object(list)) = schema.pointer_mut(pointer) {
        list.insert("minItems".to_owned(), least.into());
        list.insert("maxItems".to_owned(), most.into());
    }
}

/// Rewrites a schema into the subset of OpenAI's strict mode.
#[derive(Debug, Clone)]
struct Strict;

impl Transform for Strict {
    fn transform(&mut self, schema: &mut schemars::Schema) {
        transform_subschemas(self, schema);
        schema.remove("default");
        schema.remove("title");
        if let Some(Value::Array(options)) = schema.remove("oneOf") {
            match constants(&options) {
                Some(words) => {
                    schema.insert("type".to_owned(), "string".into());
                    schema.insert("enum".to_owned(), Value::Array(words));
                }
                None => {
                    schema.insert("anyOf".to_owned(), Value::Array(options));
                }
            }
        }
        let keys: Option<Vec<Value>> = schema
            .get("properties")
            .and_then(Value::as_object)
            .map(|properties| properties.keys().map(|key| Value::String(key.clone())).collect());
        if let Some(keys) = keys {
            schema.insert("required".to_owned(), Value::Array(keys));
            schema.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
    }
}

/// The words of an enum whose variants carry documentation: schemars writes each as a `const` of its own.
fn constants(options: &[Value]) -> Option<Vec<Value>> {
    options.iter().map(|option| option.get("const").cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_object(value: &Value, see: &mut impl FnMut(&serde_json::Map<String, Value>)) {
        match value {
            Value::Object(map) => {
                see(map);
                map.values().for_each(|value| every_object(value, see));
            }
            Value::Array(items) => items.iter().for_each(|value| every_object(value, see)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn the_schema_stays_within_the_strict_subset() {
        let schema = Draft::schema(2);
        assert_eq!(schema["type"], "object");
        assert_eq!(schema["properties"]["variants"]["maxItems"], 2);
        every_object(&schema, &mut |object| {
            for banned in ["$ref", "oneOf", "allOf", "not", "default", "$schema", "$defs"] {
                assert!(!object.contains_key(banned), "{banned} in {object:?}");
            }
            if let Some(properties) = object.get("properties").and_then(Value::as_object) {
                assert_eq!(object["additionalProperties"], false);
                assert_eq!(object["required"].as_array().map(Vec::len), Some(properties.len()));
            }
        });
    }
}
