//! The compiled schemas as golden files, for the draft that is really asked for and for a type with all that schemars can write.

use std::collections::BTreeMap;

use schemars::{JsonSchema, schema_for};
use serde_json::json;

use super::*;
use crate::domain::draft::Draft;
use crate::domain::grounding::Side;
use crate::domain::group_draft::GroupDraft;
use crate::domain::judgement::{AskedItem, AskedLine, Case, Judgement};
use crate::domain::text::Span;

const DIALECTS: [(Dialect, &str); 3] = [(Dialect::OpenAi, "openai"), (Dialect::Anthropic, "anthropic"), (Dialect::Gemini, "gemini")];

/// A type that uses what our own does not.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is looked at")]
struct Sample {
    /// Who it is.
    #[schemars(length(min = 1, max = 40), regex(pattern = "^[A-Z]"))]
    name: String,
    /// Absent when unknown.
    #[schemars(range(min = 16, max = 99))]
    age: Option<u8>,
    level: Level,
    /// The one before.
    previous: Option<Place>,
    #[schemars(length(min = 2, max = 5))]
    places: Vec<Place>,
    #[schemars(extend("format" = "uri"))]
    page: String,
    #[serde(default)]
    ratio: f64,
    shape: Shape,
    labels: BTreeMap<String, u32>,
}

/// How far somebody has come.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is looked at")]
enum Level {
    /// At the start.
    Junior,
    /// Further on.
    Senior,
}

/// Where somebody was.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is looked at")]
struct Place {
    /// A property that is named like a keyword.
    title: String,
}

#[derive(JsonSchema)]
#[serde(tag = "kind")]
#[expect(dead_code, reason = "only its schema is looked at")]
enum Shape {
    Circle { radius: f64 },
    Square { side: f64 },
}

/// What is sent and what only we enforce, on one page.
fn page(schema: &Value, dialect: Dialect) -> String {
    let Compiled { schema, ours } = compile(schema, dialect);
    let ours: Vec<String> = ours.iter().map(ToString::to_string).collect();
    format!("{schema:#}\n\nonly we enforce:\n{}", ours.join("\n"))
}

#[test]
fn the_draft_in_every_dialect() {
    for (dialect, name) in DIALECTS {
        insta::assert_snapshot!(format!("draft_{name}"), page(&Draft::schema(2), dialect));
    }
}

#[test]
fn the_draft_of_several_bullets_in_every_dialect() {
    for (dialect, name) in DIALECTS {
        insta::assert_snapshot!(format!("group_draft_{name}"), page(&GroupDraft::schema(5, 2), dialect));
    }
}

/// Two lines of one bullet, the second with two items.
fn judgement() -> Value {
    let item = AskedItem { side: Side::Rewrite, span: Span::new(0, 5), words: "Built".to_owned() };
    let line = |items| AskedLine { text: "Built it".to_owned(), items };
    let case = Case { bullet: "Made it".to_owned(), facts: vec![], lines: vec![line(vec![]), line(vec![item.clone(), item])] };
    Judgement::schema(&[case])
}

#[test]
fn the_judgement_in_every_dialect() {
    for (dialect, name) in DIALECTS {
        insta::assert_snapshot!(format!("judgement_{name}"), page(&judgement(), dialect));
    }
}

#[test]
fn all_that_schemars_writes_in_every_dialect() {
    for (dialect, name) in DIALECTS {
        insta::assert_snapshot!(format!("sample_{name}"), page(&schema_for!(Sample).to_value(), dialect));
    }
}

/// The schemas of a page, each with the names of its keywords.
fn every_schema(schema: &Value, see: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    let Value::Object(keywords) = schema else { return };
    see(keywords);
    for (keyword, value) in keywords {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => properties.values().for_each(|property| every_schema(property, see)),
            ("items", items) => every_schema(items, see),
            ("anyOf" | "allOf" | "prefixItems", Value::Array(options)) => options.iter().for_each(|option| every_schema(option, see)),
            _ => {}
        }
    }
}

#[test]
fn no_dialect_is_sent_a_keyword_that_it_refuses() {
    for schema in [Draft::schema(3), judgement(), schema_for!(Sample).to_value()] {
        for (dialect, name) in DIALECTS {
            every_schema(&compile(&schema, dialect).schema, &mut |keywords| {
                for (keyword, value) in keywords {
                    assert!(dialect.takes(keyword, value) || keyword == "propertyOrdering", "{name}: {keyword}");
                }
                if let Some(properties) = keywords.get("properties").and_then(Value::as_object) {
                    assert_eq!(keywords["additionalProperties"], json!(false), "{name}");
                    assert_eq!(keywords["required"].as_array().map(Vec::len), Some(properties.len()), "{name}");
                }
            });
        }
    }
}

fn depth(schema: &Value) -> usize {
    let inner = ["/properties", "/items/properties"].into_iter().filter_map(|place| schema.pointer(place)?.as_object());
    inner.flat_map(serde_json::Map::values).map(|property| 1 + depth(property)).max().unwrap_or(0)
}

#[test]
fn what_openai_limits_is_far_away() {
    for variants in 1..=3 {
        let schema = compile(&Draft::schema(variants), Dialect::OpenAi).schema;
        let (mut properties, mut words) = (0, 0);
        every_schema(&schema, &mut |keywords| {
            properties += keywords.get("properties").and_then(Value::as_object).map_or(0, serde_json::Map::len);
            words += keywords.get("enum").and_then(Value::as_array).map_or(0, Vec::len);
        });
        assert!(properties <= 5_000 && words <= 1_000 && schema.to_string().len() <= 120_000);
        assert_eq!((&schema["type"], schema.get("anyOf")), (&json!("object"), None), "the root is a plain object");
        assert!(depth(&schema) <= 5, "older deployments refuse more");
    }
}

#[test]
fn the_drafts_schema_is_sent_to_openai_as_it_is() {
    for variants in 1..=3 {
        let compiled = compile(&Draft::schema(variants), Dialect::OpenAi);
        assert_eq!((compiled.schema.to_string(), compiled.ours), (Draft::schema(variants).to_string(), vec![]));
    }
}

#[test]
fn what_is_not_enforced_is_named_and_told_to_the_model() {
    let compiled = compile(&Draft::schema(2), Dialect::Anthropic);
    assert_eq!(compiled.ours.iter().map(ToString::to_string).collect::<Vec<_>>(), ["/properties/variants maxItems 2"]);
    assert_eq!(compiled.schema["properties"]["variants"]["description"], "As many as were asked for.\n\n{maxItems: 2}");
    assert_eq!(compile(&Draft::schema(2), Dialect::Gemini).ours, vec![]);
    let nullable = json!({ "type": ["string", "null"], "enum": ["a", null], "description": "Perhaps." });
    let split = json!({ "description": "Perhaps.", "anyOf": [{ "type": "string", "enum": ["a"] }, { "type": "null" }] });
    assert_eq!(compile(&nullable, Dialect::Anthropic).schema, split);
    let bare = compile(&json!({ "minLength": 1, "minItems": 2 }), Dialect::Anthropic);
    assert_eq!(bare.schema, json!({ "description": "{minLength: 1, minItems: 2}" }));
    assert_eq!(bare.ours.iter().map(ToString::to_string).collect::<Vec<_>>(), ["/ minLength 1", "/ minItems 2"]);
}

#[test]
fn a_reference_keeps_what_stands_beside_it_and_one_that_turns_back_comes_to_an_end() {
    let schema = json!({ "type": "object", "properties": { "a": { "$ref": "#/$defs/A", "description": "Mine." } },
        "$defs": { "A": { "type": "string", "description": "Theirs." } } });
    assert_eq!(compile(&schema, Dialect::OpenAi).schema["properties"]["a"], json!({ "description": "Mine.", "type": "string" }));
    let tree = json!({ "$ref": "#/$defs/T", "$defs": { "T": { "type": "object", "properties": { "next": { "$ref": "#/$defs/T" } } } } });
    assert!(compile(&tree, Dialect::OpenAi).schema.to_string().len() < 10_000);
    assert_eq!(compile(&json!({ "$ref": "#/nowhere" }), Dialect::OpenAi).schema, json!({}));
    assert_eq!(compile(&json!({ "$ref": "#" }), Dialect::OpenAi).schema, json!({}));
}
