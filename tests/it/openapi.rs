//! The document says what is served, and the committed copy says the same.

use std::path::Path;

use bulletsmith::http;
use serde_json::Value;

use crate::harness::{Api, request};

#[test]
fn the_committed_document_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let served = serde_json::to_string_pretty(&http::openapi()).expect("JSON") + "\n";
    assert!(committed == served, "openapi.json is not what the code says; refresh it: cargo run -- openapi > openapi.json");
}

/// The path with parts that exist.
fn filled(path: &str) -> String {
    let known = [("{guide}", "backend-developer"), ("{skill}", "caching"), ("{name}", "rewrite"), ("{version}", "1")];
    let path = known.iter().fold(path.to_owned(), |path, (part, value)| path.replace(part, value));
    assert!(!path.contains('{'), "{path}: tell this test what to write for the variable part");
    path
}

#[tokio::test]
async fn every_listed_operation_is_served() {
    let api = Api::without_model();
    let document = http::openapi();
    let paths = document["paths"].as_object().expect("paths");
    assert!(!paths.is_empty());
    for (path, verbs) in paths {
        for (verb, operation) in verbs.as_object().expect("operations") {
            let method = verb.to_uppercase();
            let answer = api.send(request(&method, &filled(path), &[("content-type", "application/json")], "{}")).await;
            let expected = if method == "GET" { 200 } else { 422 };
            assert_eq!(answer.status, expected, "{method} {path}: {}", answer.text());
            let listed = operation["responses"].as_object().expect("responses");
            assert!(listed.contains_key(&answer.status.to_string()), "{method} {path} answers {}, which is not listed", answer.status);
        }
    }
}

#[tokio::test]
async fn every_route_is_listed_and_no_other_path_answers() {
    let document = http::openapi();
    let operations = http::operations();
    for (method, path) in &operations {
        assert!(document["paths"][path][method.to_lowercase()].is_object(), "{method} {path} is not listed");
    }
    for path in
        ["/v1/rewrites", "/v1/checks", "/v1/fills", "/v1/matches", "/v1/guides", "/v1/prompts", "/healthz", "/readyz", "/openapi.json"]
    {
        assert!(operations.iter().any(|(_, known)| *known == path), "the contract promises {path}");
    }
    let listed =
        document["paths"].as_object().map_or(0, |paths| paths.values().filter_map(Value::as_object).map(serde_json::Map::len).sum());
    assert_eq!(listed, operations.len());
    let api = Api::without_model();
    for path in ["/v1", "/v1/", "/v1/rewrites/", "/V1/rewrites", "/metrics/x", "//healthz", "/healthz/"] {
        assert_eq!(api.send(request("GET", path, &[], "")).await.problem(), (404, "not_found".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn what_is_served_as_the_document_is_the_document() {
    let answer = Api::without_model().send(request("GET", "/openapi.json", &[], "")).await;
    assert_eq!((answer.status, answer.json()), (200, http::openapi()));
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = http::openapi();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("within the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for operation in document["paths"]
        .as_object()
        .into_iter()
        .flat_map(|paths| paths.values())
        .filter_map(Value::as_object)
        .flat_map(|verbs| verbs.values())
    {
        for scheme in operation["security"].as_array().into_iter().flatten().filter_map(Value::as_object).flat_map(serde_json::Map::keys) {
            assert!(document["components"]["securitySchemes"][scheme].is_object(), "{scheme} is not defined");
        }
    }
}
