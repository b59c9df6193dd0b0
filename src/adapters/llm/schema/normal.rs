//! The normal form of a schema: no references, no `oneOf`, no `const`, no annotations, and every object closed with all its keys required.
//!
//! That is the common ground of the providers' strict modes. What changes here changes nothing of what a valid answer is,
//! but for maps with free keys, which no strict mode knows.

use serde_json::{Map, Value};

use super::Constraint;

/// Keywords that say nothing of what is valid.
const ANNOTATIONS: [&str; 9] = ["$schema", "$id", "$comment", "$defs", "definitions", "title", "default", "examples", "deprecated"];
/// A type that holds itself is opened this often and then left open: no provider takes schemas without an end.
const MAX_DEPTH: usize = 10;

/// The normal form; what it cannot express is added to `ours`.
pub(super) fn normalize(schema: &Value, ours: &mut Vec<Constraint>) -> Value {
    Normalizer { root: schema, ours }.schema(schema, "", 0)
}

struct Normalizer<'a> {
    root: &'a Value,
    ours: &'a mut Vec<Constraint>,
}

impl Normalizer<'_> {
    fn schema(&mut self, schema: &Value, pointer: &str, depth: usize) -> Value {
        let Value::Object(found) = schema else { return schema.clone() };
        let mut keywords = self.resolved(found, depth);
        flatten_all_of(&mut keywords);
        choices(&mut keywords);
        // Every number of JSON is a double, so that these two say nothing.
        let is_idle = |keyword: &str, value: &Value| keyword == "format" && (value == "double" || value == "float");
        keywords.retain(|keyword, value| !ANNOTATIONS.contains(&keyword.as_str()) && !is_idle(keyword, value));
        self.close(&mut keywords, pointer);
        let mut normal = Map::new();
        for (keyword, value) in keywords {
            let place = format!("{pointer}/{keyword}");
            let value = match (keyword.as_str(), value) {
                ("properties", Value::Object(properties)) => properties
                    .into_iter()
                    .map(|(name, property)| {
                        let property = self.schema(&property, &format!("{place}/{}", escaped(&name)), depth + 1);
                        (name, property)
                    })
                    .collect::<Map<_, _>>()
                    .into(),
                ("items", items) => self.schema(&items, &place, depth + 1),
                ("anyOf" | "prefixItems" | "allOf", Value::Array(options)) => {
                    let options = options.iter().enumerate();
                    options.map(|(at, option)| self.schema(option, &format!("{place}/{at}"), depth + 1)).collect()
                }
                (_, value) => value,
            };
            normal.insert(keyword, value);
        }
        normal.into()
    }

    /// With the schema that a reference names in its place; keywords beside the reference go before its own.
    fn resolved(&self, found: &Map<String, Value>, depth: usize) -> Map<String, Value> {
        let mut keywords = found.clone();
        for _ in 0..MAX_DEPTH {
            let Some(Value::String(reference)) = keywords.get("$ref").cloned() else { break };
            keywords.remove("$ref");
            let named = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer)).and_then(Value::as_object);
            for (keyword, value) in named.into_iter().flatten().filter(|_| depth < MAX_DEPTH) {
                if !keywords.contains_key(keyword) {
                    keywords.insert(keyword.clone(), value.clone());
                }
            }
        }
        keywords
    }

    /// An object takes its own keys, all of them, and no others.
    fn close(&mut self, keywords: &mut Map<String, Value>, pointer: &str) {
        let keys = keywords.get("properties").and_then(Value::as_object);
        let keys: Option<Vec<Value>> = keys.map(|keys| keys.keys().cloned().map(Value::String).collect());
        if let Some(free) = keywords.get("additionalProperties").filter(|free| !free.is_boolean()) {
            self.ours.push(Constraint { pointer: pointer.to_owned(), keyword: "additionalProperties".to_owned(), value: free.clone() });
        }
        if let Some(keys) = keys {
            keywords.insert("required".to_owned(), keys.into());
            keywords.insert("additionalProperties".to_owned(), false.into());
        } else if keywords.contains_key("additionalProperties") {
            keywords.insert("additionalProperties".to_owned(), false.into());
        }
    }
}

/// One part alone is the schema itself.
fn flatten_all_of(keywords: &mut Map<String, Value>) {
    let is_single = keywords.get("allOf").and_then(Value::as_array).is_some_and(|parts| parts.len() == 1);
    if let Some(Value::Array(parts)) = keywords.get("allOf").cloned().filter(|_| is_single) {
        keywords.remove("allOf");
        for (keyword, value) in parts.first().and_then(Value::as_object).into_iter().flatten() {
            if !keywords.contains_key(keyword) {
                keywords.insert(keyword.clone(), value.clone());
            }
        }
    }
}

/// `const` is an `enum` of one; a choice among constants is an `enum`, as schemars writes one whose words carry documentation; any other is `anyOf`.
fn choices(keywords: &mut Map<String, Value>) {
    if let Some(constant) = keywords.remove("const") {
        keywords.insert("enum".to_owned(), Value::Array(vec![constant]));
    }
    let Some(Value::Array(options)) = keywords.remove("oneOf") else { return };
    let constants = |option: &Value| option.get("const").map(|word| vec![word.clone()]).or_else(|| option.get("enum")?.as_array().cloned());
    match options.iter().map(constants).collect::<Option<Vec<_>>>() {
        Some(words) => {
            let words: Vec<Value> = words.concat();
            if words.iter().all(Value::is_string) {
                keywords.insert("type".to_owned(), "string".into());
            }
            keywords.insert("enum".to_owned(), words.into());
        }
        None => drop(keywords.insert("anyOf".to_owned(), options.into())),
    }
}

/// A name as a part of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
