//! Writes the OpenAPI 3.1 document from the operations and the published types; nothing in it is written twice.
//!
//! Requests are described as they are read, answers as they are written: a field that is always written is required in
//! an answer. A type that is used both ways must look the same both ways; a test holds that.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::api_router::{Access, Answer, Operation, Tag, schema_of};
use crate::contract::problem::{Code, Problem};

const SCHEME: &str = "bearer";
const ABOUT: &str = "Rewrites weak resume bullets into strong ones that say nothing their writer did not say. \
                     Errors are problem documents (RFC 9457); their `code` is stable, their prose is not.";

/// Headers that every answer has.
const ALWAYS: [&str; 2] = ["X-Request-Id", "Server-Timing"];

/// The document of these operations.
pub(super) fn document(operations: &[Operation]) -> Value {
    let (paths, schemas) = Writer::default().write(operations);
    let tags: Vec<Value> = Tag::ALL.iter().map(|tag| json!({"name": tag.row().0, "description": tag.row().1})).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "bulletsmith",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas.all(),
            "headers": headers(),
            "securitySchemes": {
                SCHEME: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The admin key. A service that was started without one asks for none and answers local calls only.",
                },
            },
        },
    })
}

fn headers() -> Value {
    let header = |description: &str, kind: &str| json!({"description": description, "schema": {"type": kind}});
    json!({
        "X-Request-Id": header("Names the request; the caller's own name where it sent a plain one", "string"),
        "Server-Timing": header("How long the answer took, `total;dur=` and milliseconds", "string"),
        "Cache-Control": header("`no-store`: it is of this moment", "string"),
        "X-Cost-Usd": header("What the request cost, in US dollars, a plain decimal", "string"),
        "Retry-After": header("Seconds after which trying again makes sense, where that is known", "integer"),
        "WWW-Authenticate": header("`Bearer`", "string"),
    })
}

struct Writer {
    requests: SchemaGenerator,
    answers: SchemaGenerator,
}

impl Default for Writer {
    fn default() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self { requests: settings().for_deserialize().into_generator(), answers: settings().for_serialize().into_generator() }
    }
}

/// The schemas of both directions.
struct Schemas {
    requests: Map<String, Value>,
    answers: Map<String, Value>,
}

impl Schemas {
    fn all(self) -> Map<String, Value> {
        let mut all = self.requests;
        all.extend(self.answers);
        all.sort_keys();
        all
    }
}

impl Writer {
    fn write(mut self, operations: &[Operation]) -> (Map<String, Value>, Schemas) {
        let mut paths = Map::new();
        for operation in operations {
            let described = self.operation(operation);
            let path = paths.entry(operation.path).or_insert_with(|| json!({}));
            if let Some(path) = path.as_object_mut() {
                path.insert(operation.verb.as_str().to_ascii_lowercase(), described);
            }
        }
        let schemas = Schemas { requests: self.requests.take_definitions(true), answers: self.answers.take_definitions(true) };
        (paths, schemas)
    }

    fn operation(&mut self, operation: &Operation) -> Value {
        let Operation { verb: _, path: _, id, summary, tag, access, parameters, query, request, answers, problems: _ } = operation;
        let mut described = Map::new();
        described.insert("operationId".into(), json!(id));
        described.insert("summary".into(), json!(summary));
        described.insert("tags".into(), json!([tag.row().0]));
        described.insert("security".into(), security(*access));
        let in_path = parameters.iter().map(|parameter| (parameter, "path", true));
        let parameters: Vec<Value> = in_path
            .chain(query.iter().map(|parameter| (parameter, "query", false)))
            .map(|(parameter, place, required)| {
                let schema = (parameter.schema)(&mut self.requests);
                json!({"name": parameter.name, "in": place, "required": required, "description": parameter.description, "schema": schema})
            })
            .collect();
        if !parameters.is_empty() {
            described.insert("parameters".into(), json!(parameters));
        }
        if let Some(request) = request {
            let schema = request(&mut self.requests);
            described.insert("requestBody".into(), json!({"required": true, "content": {"application/json": {"schema": schema}}}));
        }
        let mut responses = Map::new();
        for answer in *answers {
            let known: Option<&mut Value> = responses.get_mut(&answer.status.to_string());
            // Another form of the same answer.
            match known.and_then(|known| known.get_mut("content")?.as_object_mut()) {
                Some(content) => drop(content.insert(answer.media.to_owned(), json!({"schema": (answer.schema)(&mut self.answers)}))),
                None => drop(responses.insert(answer.status.to_string(), self.answer(answer))),
            }
        }
        for (status, codes) in operation.problems_by_status() {
            responses.insert(status.to_string(), self.problem(status, &codes));
        }
        described.insert("responses".into(), Value::Object(responses));
        Value::Object(described)
    }

    fn answer(&mut self, answer: &Answer) -> Value {
        let schema = (answer.schema)(&mut self.answers);
        json!({
            "description": answer.description,
            "headers": refer_to(answer.headers),
            "content": {answer.media: {"schema": schema}},
        })
    }

    fn problem(&mut self, status: u16, codes: &[Code]) -> Value {
        let schema = schema_of::<Problem>()(&mut self.answers);
        let told: Vec<String> = codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.title())).collect();
        let headers: &[&str] = match status {
            401 => &["WWW-Authenticate"],
            502 | 503 => &["Retry-After"],
            _ => &[],
        };
        json!({
            "description": told.join("; "),
            "headers": refer_to(headers),
            "content": {"application/problem+json": {"schema": schema}},
        })
    }
}

fn security(access: Access) -> Value {
    match access {
        Access::Public => json!([]),
        Access::Metrics => json!([{}, {SCHEME: ["admin"]}]),
        Access::Rewrite => json!([{SCHEME: ["rewrite"]}]),
        Access::Usage => json!([{SCHEME: ["usage:read"]}]),
        Access::Admin => json!([{SCHEME: ["admin"]}]),
    }
}

fn refer_to(names: &[&str]) -> Map<String, Value> {
    let all = ALWAYS.iter().chain(names);
    all.map(|name| ((*name).to_owned(), json!({"$ref": format!("#/components/headers/{name}")}))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::http::endpoints::api;

    fn published() -> Value {
        crate::http::openapi()
    }

    /// Every operation with its method and path.
    fn described(document: &Value) -> Vec<(String, String, &Value)> {
        let of_path = |(path, methods): (&String, &'_ Value)| -> Vec<(String, String)> {
            methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())).collect()
        };
        let names = document["paths"].as_object().unwrap().iter().flat_map(of_path);
        names
            .map(|(method, path)| {
                let operation = &document["paths"][&path][method.to_lowercase()];
                (method, path, operation)
            })
            .collect()
    }

    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    if key == "$ref" {
                        found.push(value.as_str().unwrap().to_owned());
                    }
                    references(value, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = published();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 50, "{}", found.len());
        for target in found {
            let pointer = target.strip_prefix('#').unwrap_or_else(|| panic!("{target} leads out of the document"));
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
    }

    #[test]
    fn a_type_used_both_ways_looks_the_same_both_ways() {
        let (_, Schemas { requests, answers }) = Writer::default().write(&api().operations());
        for (name, request) in &requests {
            assert!(answers.get(name).is_none_or(|answer| answer == request), "{name} differs between requests and answers");
        }
        // The generator would number two types of one name.
        let mut names = requests.keys().chain(answers.keys());
        assert_eq!(names.find(|name| name.ends_with(|last: char| last.is_ascii_digit())), None);
        assert!(requests.contains_key("RewriteRequest") && answers.contains_key("RewriteAnswer"));
    }

    #[test]
    fn the_document_lists_what_is_served_and_nothing_else() {
        let document = published();
        let told: BTreeSet<_> = described(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
        let served: Vec<_> = crate::http::operations();
        assert_eq!(told.len(), served.len());
        for (method, path) in served {
            assert!(told.contains(&(method.to_owned(), path.to_owned())), "{method} {path}");
        }
    }

    #[test]
    fn every_operation_is_described_in_full() {
        let document = published();
        let mut ids = BTreeSet::new();
        for (method, path, operation) in described(&document) {
            let told = format!("{method} {path}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{told}");
            assert!(!operation["summary"].as_str().unwrap().is_empty(), "{told}");
            let tag = operation["tags"][0].as_str().unwrap();
            assert!(document["tags"].as_array().unwrap().iter().any(|known| known["name"] == tag), "{told}");
            let parameters: Vec<_> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|it| it["in"] == "path")
                .map(|it| it["name"].as_str().unwrap())
                .collect();
            let in_path: Vec<_> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            assert_eq!(parameters, in_path, "{told}");
            assert_eq!(operation.get("requestBody").is_some(), method == "POST", "{told}");
            for (status, response) in operation["responses"].as_object().unwrap() {
                let media = match status.starts_with('2') {
                    true if path == "/metrics" => "text/plain; version=0.0.4; charset=utf-8",
                    true => "application/json",
                    false => "application/problem+json",
                };
                assert!(!response["description"].as_str().unwrap().is_empty(), "{told} {status}");
                assert!(response["content"][media]["schema"].is_object(), "{told} {status}");
            }
        }
    }

    #[test]
    fn the_scheme_that_is_asked_for_is_the_scheme_that_is_defined() {
        let document = published();
        for (method, path, operation) in described(&document) {
            let is_public = ["/healthz", "/readyz", "/openapi.json"].contains(&path.as_str()) || path.starts_with("/v1/guides");
            let asked = operation["security"].as_array().unwrap();
            assert_eq!(asked.is_empty(), is_public, "{method} {path}");
            for name in asked.iter().flat_map(|asked| asked.as_object().unwrap().keys()) {
                assert!(document["components"]["securitySchemes"].get(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn statuses_are_told_as_they_come() {
        let document = published();
        let statuses = |method: &str, path: &str| -> String {
            let responses = document["paths"][path][method]["responses"].as_object().unwrap();
            responses.keys().cloned().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(statuses("post", "/v1/rewrites"), "200 207 400 401 402 403 406 413 415 422 500 502 503 504");
        assert_eq!(statuses("post", "/v1/checks"), "200 400 401 403 406 413 415 422 500 503 504");
        assert_eq!(statuses("get", "/v1/guides"), "200 403 406 500");
        assert_eq!(statuses("get", "/v1/guides/{guide}"), "200 403 404 406 500");
        assert_eq!(statuses("get", "/v1/prompts/{name}/{version}"), "200 401 403 404 406 500");
        assert_eq!(statuses("get", "/v1/usage"), "200 401 403 406 422 500 503");
        assert_eq!(statuses("get", "/readyz"), "200 403 406 500 503");
    }

    #[test]
    fn limits_and_always_written_fields_reach_the_document() {
        let schemas = published()["components"]["schemas"].clone();
        assert_eq!(schemas["RewriteRequest"]["properties"]["bullets"]["maxItems"], 30);
        assert_eq!(schemas["RewriteRequest"]["required"], json!(["bullets"]));
        let required = schemas["CheckAnswer"]["required"].as_array().unwrap();
        assert!(required.contains(&json!("verdict")), "{required:?}");
        assert_eq!(published()["info"]["version"], env!("CARGO_PKG_VERSION"));
    }
}
