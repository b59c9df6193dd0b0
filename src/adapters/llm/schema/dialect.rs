//! What each provider's structured output knows of JSON Schema, keyword by keyword, and what is done with the rest.

use serde_json::{Map, Value, json};

use super::Constraint;

/// The words of one provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAI's strict subset, which llama.cpp, Ollama and vLLM take as well.
    OpenAi,
    /// Anthropic's `output_config.format`.
    Anthropic,
    /// Gemini's `responseJsonSchema`.
    Gemini,
}

/// Keywords that every dialect knows in the normal form.
const SHAPE: [&str; 9] = ["type", "description", "enum", "properties", "required", "additionalProperties", "items", "anyOf", "minItems"];

impl Dialect {
    pub(super) fn takes(self, keyword: &str, value: &Value) -> bool {
        match (self, keyword) {
            (Self::Anthropic, "minItems") => matches!(value.as_u64(), Some(0 | 1)),
            (_, keyword) if SHAPE.contains(&keyword) => true,
            (Self::OpenAi, "format") => {
                is_one_of(value, &["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"])
            }
            (Self::OpenAi, keyword) => {
                ["pattern", "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "maxItems"].contains(&keyword)
            }
            (Self::Anthropic, "format") => {
                is_one_of(value, &["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"])
            }
            (Self::Anthropic, keyword) => keyword == "allOf",
            (Self::Gemini, "format") => is_one_of(value, &["date-time", "date", "time"]),
            (Self::Gemini, keyword) => ["minimum", "maximum", "maxItems", "prefixItems"].contains(&keyword),
        }
    }

    /// Whether a constraint that is not enforced is told to the model in words, as the providers' own clients do.
    const fn tells(self) -> bool {
        match self {
            Self::OpenAi => false,
            Self::Anthropic | Self::Gemini => true,
        }
    }

    /// Whether a value of several types has to be written as a choice.
    const fn splits_types(self) -> bool {
        matches!(self, Self::Anthropic)
    }
}

fn is_one_of(value: &Value, words: &[&str]) -> bool {
    value.as_str().is_some_and(|word| words.contains(&word))
}

/// A schema in normal form without what the dialect does not know.
pub(super) fn restrict(dialect: Dialect, normal: Value, ours: &mut Vec<Constraint>) -> Value {
    Restrictor { dialect, ours }.schema(normal, "")
}

struct Restrictor<'a> {
    dialect: Dialect,
    ours: &'a mut Vec<Constraint>,
}

impl Restrictor<'_> {
    fn schema(&mut self, normal: Value, pointer: &str) -> Value {
        let Value::Object(keywords) = normal else { return normal };
        let mut kept = Map::new();
        let mut lost = Vec::new();
        for (keyword, value) in keywords {
            if !self.dialect.takes(&keyword, &value) {
                lost.push(Constraint { pointer: pointer.to_owned(), keyword, value });
                continue;
            }
            let place = format!("{pointer}/{keyword}");
            let value = match (keyword.as_str(), value) {
                ("properties", Value::Object(properties)) => {
                    let properties = properties.into_iter();
                    let place = |name: &str| format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
                    properties.map(|(name, property)| (name.clone(), self.schema(property, &place(&name)))).collect::<Map<_, _>>().into()
                }
                ("items", items) => self.schema(items, &place),
                ("anyOf" | "allOf" | "prefixItems", Value::Array(options)) => {
                    let options = options.into_iter().enumerate();
                    options.map(|(at, option)| self.schema(option, &format!("{place}/{at}"))).collect()
                }
                (_, value) => value,
            };
            kept.insert(keyword, value);
        }
        if self.dialect.tells() && !lost.is_empty() {
            tell(&mut kept, &lost);
        }
        if self.dialect == Dialect::Gemini {
            order(&mut kept);
        }
        if self.dialect.splits_types() {
            split_types(&mut kept);
        }
        self.ours.extend(lost);
        kept.into()
    }
}

/// The description, with what is not enforced behind it: the model may keep to it all the same.
fn tell(kept: &mut Map<String, Value>, lost: &[Constraint]) {
    let rules: Vec<String> = lost.iter().map(|Constraint { keyword, value, .. }| format!("{keyword}: {value}")).collect();
    let rules = format!("{{{}}}", rules.join(", "));
    let told = match kept.get("description").and_then(Value::as_str) {
        Some(description) => format!("{description}\n\n{rules}"),
        None => rules,
    };
    kept.insert("description".to_owned(), told.into());
}

/// Keys come in the order in which they are asked for; older models of the family take it from here alone.
fn order(kept: &mut Map<String, Value>) {
    let keys = kept.get("properties").and_then(Value::as_object);
    if let Some(keys) = keys.map(|keys| keys.keys().cloned().map(Value::String).collect::<Vec<_>>()) {
        kept.insert("propertyOrdering".to_owned(), keys.into());
    }
}

/// `["string", "null"]` becomes a choice between a string with all that was said of it, and null.
fn split_types(kept: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = kept.get("type").cloned() else { return };
    let description = kept.remove("description");
    let mut of_value = std::mem::take(kept);
    if let Some(Value::Array(words)) = of_value.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    let options = types.into_iter().map(|one| {
        if one == "null" {
            return json!({ "type": "null" });
        }
        of_value.insert("type".to_owned(), one);
        Value::Object(of_value.clone())
    });
    let options: Vec<Value> = options.collect();
    if let Some(description) = description {
        kept.insert("description".to_owned(), description);
    }
    kept.insert("anyOf".to_owned(), options.into());
}
