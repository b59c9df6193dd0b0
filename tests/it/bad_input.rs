//! What cannot be used is refused with its place, before anything is asked, kept or counted.

use std::sync::Arc;

use bulletsmith::domain::text::is_invisible;
use serde_json::{Value, json};

use crate::harness::{Api, Say, StubModel, WEAK, bullet_of, draft, request};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const REWRITES: &str = "/v1/rewrites";
const CHECKS: &str = "/v1/checks";
const MATCHES: &str = "/v1/matches";

struct Door {
    api: Api,
    model: Arc<StubModel>,
}

impl Door {
    fn new() -> Self {
        let model = StubModel::echo();
        Self { api: Api::with(model.clone()), model }
    }

    /// The request is refused so, at these places, and nothing has happened.
    async fn refuses(
        &self,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
        (status, code): (u16, &str),
        places: &[&str],
    ) {
        let body = body.into();
        let told = format!("{method} {path} {:.80}", String::from_utf8_lossy(&body));
        let answer = self.api.send(request(method, path, headers, body)).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{told}: {}", answer.text());
        let problem = answer.json();
        let found: Vec<&str> = problem["errors"].as_array().into_iter().flatten().filter_map(|error| error["pointer"].as_str()).collect();
        assert_eq!(found, places, "{told}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{told}: {problem}");
        assert!(answer.body.len() < 4_096, "{told}: says back {} bytes", answer.body.len());
        assert_eq!((self.model.asked().len(), self.api.ledger.rows().len(), self.api.cache.seen()), (0, 0, (0, 0)), "{told}");
    }

    /// Valid JSON with unusable values at these places.
    async fn unusable(&self, path: &str, body: &Value, places: &[&str]) {
        self.refuses(("POST", path), JSON, body.to_string(), (422, "invalid_request"), places).await;
    }
}

#[tokio::test]
async fn unusable_values_of_a_rewrite_are_told_by_their_places() {
    let door = Door::new();
    let bullet = WEAK[3].0;
    for (body, places) in [
        (json!({}), &["/bullets"][..]),
        (json!([]), &[""]),
        (json!(null), &[""]),
        (json!("bullets"), &[""]),
        (json!({"bullets": []}), &["/bullets"]),
        (json!({"bullets": null}), &["/bullets"]),
        (json!({"bullets": bullet}), &["/bullets"]),
        (json!({"bullets": vec![bullet; 31]}), &["/bullets"]),
        (json!({"bullets": [""]}), &["/bullets/0"]),
        (json!({"bullets": [" \t\r\n"]}), &["/bullets/0"]),
        (json!({"bullets": ["\u{200b}\u{feff}\u{2060}"]}), &["/bullets/0"]),
        (json!({"bullets": [bullet, "x".repeat(601)]}), &["/bullets/1"]),
        (json!({"bullets": [bullet, {"text": "é".repeat(601)}]}), &["/bullets/1/text"]),
        (json!({"bullets": [5]}), &["/bullets/0"]),
        (json!({"bullets": [{"text": 5}]}), &["/bullets/0/text"]),
        (json!({"bullets": [{"facts": "x"}]}), &["/bullets/0/text"]),
        (json!({"bullets": [[bullet]]}), &["/bullets/0"]),
        (json!({"bullets": [bullet], "colour": 1}), &["/colour"]),
        (json!({"bullets": [bullet, {"text": bullet, "colour": 1}]}), &["/bullets/1/colour"]),
        (json!({"bullets": [bullet], "guide": "frontend"}), &["/guide"]),
        (json!({"bullets": [{"text": bullet, "skill": "juggling"}]}), &["/bullets/0/skill"]),
        (json!({"bullets": [bullet], "prompt": "rewrite@99"}), &["/prompt"]),
        (json!({"bullets": [bullet], "prompt": "sonnet"}), &["/prompt"]),
        (json!({"bullets": [bullet], "prompt": "../../etc/passwd@1"}), &["/prompt"]),
        (json!({"bullets": [bullet], "prompt": "x".repeat(10_000)}), &["/prompt"]),
        (json!({"bullets": ["a\u{0}b"]}), &["/bullets/0"]),
        (json!({"bullets": ["a\u{1b}[31mb"]}), &["/bullets/0"]),
        (json!({"bullets": [bullet, "a\u{7f}b"]}), &["/bullets/1"]),
        (json!({"bullets": [{"text": "a\u{85}b", "facts": "\u{80}"}]}), &["/bullets/0/facts", "/bullets/0/text"]),
        (json!({"bullets": [bullet], "job_description": "a\u{9f}"}), &["/job_description"]),
        (json!({"bullets": [bullet], "role": {"title": "a\u{90}"}}), &["/role/title"]),
        (json!({"bullets": [bullet], "facts": "x".repeat(4_001)}), &["/facts"]),
        (json!({"bullets": [{"text": bullet, "facts": "x".repeat(4_001)}]}), &["/bullets/0/facts"]),
        (json!({"bullets": [bullet], "facts": "a\u{7}"}), &["/facts"]),
        (json!({"bullets": [bullet], "job_description": "x".repeat(20_001)}), &["/job_description"]),
        (json!({"bullets": [bullet], "role": {"title": "x".repeat(121)}}), &["/role/title"]),
        (json!({"bullets": [bullet], "role": "Engineer"}), &["/role"]),
        (json!({"bullets": [bullet], "variants": 0}), &["/variants"]),
        (json!({"bullets": [bullet], "variants": 4}), &["/variants"]),
        (json!({"bullets": [bullet], "variants": 1.5}), &["/variants"]),
        (json!({"bullets": [bullet], "variants": 256}), &["/variants"]),
        (json!({"bullets": [bullet], "max_chars": 59}), &["/max_chars"]),
        (json!({"bullets": [bullet], "max_chars": 601}), &["/max_chars"]),
        (json!({"bullets": [bullet], "engine": "gpt"}), &["/engine"]),
        (json!({"bullets": [bullet], "cache": true}), &["/cache"]),
        (json!({"bullets": ["", "x"], "guide": "frontend", "variants": 9}), &["/guide", "/variants", "/bullets/0"]),
    ] {
        let mut body = body;
        if body.is_object() && body.get("prompt").is_none() {
            body["prompt"] = "rewrite@1".into();
        }
        door.unusable(REWRITES, &body, places).await;
    }
}

#[tokio::test]
async fn unusable_values_of_a_check_and_of_a_match_are_told_by_their_places() {
    let door = Door::new();
    let bullet = WEAK[3].0;
    for (path, body, places) in [
        (CHECKS, json!({}), &["/bullet"][..]),
        (CHECKS, json!({"bullet": ""}), &["/bullet"]),
        (CHECKS, json!({"bullet": "x".repeat(601)}), &["/bullet"]),
        (CHECKS, json!({"bullet": {"text": bullet}}), &["/bullet"]),
        (CHECKS, json!({"bullet": bullet, "rewrite": ""}), &["/rewrite"]),
        (CHECKS, json!({"bullet": bullet, "rewrite": "x".repeat(601)}), &["/rewrite"]),
        (CHECKS, json!({"bullet": bullet, "siblings": ["a", 1]}), &["/siblings/1"]),
        (CHECKS, json!({"bullet": bullet, "siblings": vec!["a"; 31]}), &["/siblings"]),
        (CHECKS, json!({"bullet": bullet, "facts": "x".repeat(4_001)}), &["/facts"]),
        (CHECKS, json!({"bullet": bullet, "guide": "frontend"}), &["/guide"]),
        (CHECKS, json!({"bullet": bullet, "skill": "juggling"}), &["/skill"]),
        (CHECKS, json!({"bullet": "a\u{1}b"}), &["/bullet"]),
        (CHECKS, json!({"bullet": bullet, "rewrite": "a\u{7f}", "siblings": ["a\u{85}"]}), &["/rewrite", "/siblings/0"]),
        (CHECKS, json!({"bullet": bullet, "bullets": [bullet]}), &["/bullets"]),
        (MATCHES, json!({"bullets": []}), &["/bullets"]),
        (MATCHES, json!({"bullets": vec!["a"; 1_001]}), &["/bullets"]),
        (MATCHES, json!({"bullets": [{"id": 1, "text": ""}]}), &["/bullets/0/text"]),
        (MATCHES, json!({"bullets": [{"id": {"a": 1}, "text": bullet}]}), &["/bullets/0/id"]),
        (MATCHES, json!({"bullets": [{"id": [1], "text": bullet}]}), &["/bullets/0/id"]),
        (MATCHES, json!({"bullets": [{"id": 1, "text": bullet, "colour": 1}]}), &["/bullets/0/colour"]),
        (MATCHES, json!({"bullets": [bullet, "x".repeat(601)]}), &["/bullets/1"]),
        (MATCHES, json!({"bullets": [bullet], "guide": "frontend"}), &["/guide"]),
        (MATCHES, json!({"bullets": ["a\u{2}b"]}), &["/bullets/0"]),
    ] {
        door.unusable(path, &body, places).await;
    }
}

#[tokio::test]
async fn what_is_not_json_is_400() {
    let door = Door::new();
    let deep = format!("{{\"bullets\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    for path in [REWRITES, CHECKS, MATCHES] {
        for body in [
            "".as_bytes(),
            b" ",
            b"{",
            b"bullets=a",
            b"{\"bullets\": [\"a\"],}",
            b"{\"bullets\": [\"a\nb\"]}",
            b"\xef\xbb\xbf{}",
            b"{\"a\": \"\xff\"}",
            br#"{"bullets": ["\ud800"]}"#,
            br#"{"bullets": ["\udc00 x"]}"#,
            br#"{"bullet": "\ud800\u0041"}"#,
            br#"{"bullets": ["a"]} x"#,
            br#"{"bullets": [NaN]}"#,
            deep.as_bytes(),
        ] {
            door.refuses(("POST", path), JSON, body, (400, "not_json"), &[]).await;
        }
    }
}

#[tokio::test]
async fn a_field_that_is_given_twice_is_refused() {
    let door = Door::new();
    door.refuses(("POST", REWRITES), JSON, r#"{"bullets": ["a"], "bullets": ["b"]}"#, (422, "invalid_request"), &["/bullets"]).await;
    door.refuses(("POST", REWRITES), JSON, r#"{"bullets": [{"text": "a", "text": "b"}]}"#, (422, "invalid_request"), &["/bullets/0/text"])
        .await;
    door.refuses(("POST", CHECKS), JSON, r#"{"bullet": "a", "bullet": "b"}"#, (422, "invalid_request"), &["/bullet"]).await;
    door.refuses(
        ("POST", MATCHES),
        JSON,
        r#"{"bullets": [{"id": 1, "id": 2, "text": "b"}]}"#,
        (422, "invalid_request"),
        &["/bullets/0/id"],
    )
    .await;
}

#[tokio::test]
async fn a_body_that_is_too_large_or_not_declared_as_json_is_not_read() {
    let door = Door::new();
    let good = json!({"bullets": [WEAK[3].0]}).to_string();
    for path in [REWRITES, CHECKS, MATCHES] {
        door.refuses(("POST", path), JSON, vec![b' '; 10 << 20], (413, "body_too_large"), &[]).await;
        for headers in
            [&[][..], &[("content-type", "text/plain")], &[("content-type", "application/x-www-form-urlencoded")], &[JSON[0], JSON[0]]]
        {
            door.refuses(("POST", path), headers, good.clone(), (415, "unsupported_media_type"), &[]).await;
        }
    }
}

#[tokio::test]
async fn another_path_method_host_or_wish_is_told_apart() {
    let door = Door::new();
    let good = json!({"bullets": [WEAK[3].0]}).to_string();
    for path in [REWRITES, CHECKS, MATCHES] {
        for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"] {
            door.refuses((method, path), JSON, good.clone(), (405, "method_not_allowed"), &[]).await;
        }
        door.refuses(("POST", &format!("{path}/")), JSON, good.clone(), (404, "not_found"), &[]).await;
        for host in ["evil.example", "localhost.evil.example", "192.168.0.7:8080"] {
            door.refuses(("POST", path), &[JSON[0], ("host", host)], good.clone(), (403, "forbidden"), &[]).await;
        }
        door.refuses(("POST", path), &[JSON[0], ("accept", "text/html")], good.clone(), (406, "not_acceptable"), &[]).await;
    }
    for path in [
        "/v1/rewrite",
        "/",
        "/v2/rewrites",
        "/v1/guides/nope",
        "/v1/guides/backend-developer/skills/nope",
        "/v1/prompts/rewrite/99",
        "/v1/prompts/rewrite/x",
    ] {
        door.refuses(("GET", path), &[], "", (404, "not_found"), &[]).await;
    }
}

#[tokio::test]
async fn null_is_as_good_as_absent() {
    let api = Api::without_model();
    let nulls = json!({"bullets": [{"text": WEAK[3].0, "facts": null, "skill": null}], "guide": null, "role": null, "facts": null, "job_description": null,
                       "variants": null, "max_chars": null, "engine": null, "prompt": "rewrite@1", "cache": null});
    let (with, without) = (api.rewrite(nulls).await, api.rewrite(json!({"bullets": [WEAK[3].0]})).await);
    assert_eq!((with.status, &with.json()["results"]), (200, &without.json()["results"]), "{}", with.text());
    let role = json!({"bullets": [WEAK[3].0], "role": {"title": null, "current": null}});
    assert_eq!(api.rewrite(role).await.status, 200);
    let check = json!({"bullet": WEAK[3].0, "facts": null, "rewrite": null, "siblings": null, "job_description": null, "skill": null, "guide": null, "role": null});
    let judged = api.post(CHECKS, &check).await;
    assert_eq!(
        (judged.status, &judged.json()["verdict"], &judged.json()["violations"]),
        (200, &json!(null), &json!([])),
        "{}",
        judged.text()
    );
    assert_eq!(api.post(MATCHES, &json!({"bullets": [{"id": null, "text": WEAK[3].0}], "guide": null})).await.status, 200);
}

#[tokio::test]
async fn invisible_characters_are_accepted_and_noted() {
    let api = Api::without_model();
    let result = api.rewrite_one("Added cach\u{200b}ing to improve\u{202e} API performance.", "rules").await;
    assert!(result["notes"].as_array().is_some_and(|notes| notes.iter().any(|note| note["code"] == "invisible_characters")), "{result}");
    assert_eq!(result["skill"]["id"], "caching", "{result}");
    let text = result["variants"][0]["text"].as_str().expect("a text");
    assert!(!text.contains(['\u{200b}', '\u{202e}']), "{text:?}");
}

/// One of every kind of character that nobody can see and that may be sent.
const HIDDEN: &str = "\u{200b}\u{202e}\u{ad}\u{fe0f}\u{e0049}\u{2800}\u{3164}\u{e000}\u{fdd0}";

#[tokio::test]
async fn what_nobody_can_see_is_sent_to_no_model_and_given_back_in_no_text() {
    let text = |words: &str| words.replace(' ', &format!("{HIDDEN}\n"));
    let (weak, strong) = (text(WEAK[3].0), text("Cut p99 latency of the search API from 3.2 s to 180 ms with Redis"));
    for bullets in [json!([{"text": weak, "facts": text("six nodes")}]), json!([weak, {"text": strong, "facts": text("six nodes")}])] {
        let model = StubModel::echo();
        let api = Api::with(model.clone());
        let role = json!({"title": text("Backend developer")});
        let answer = api.rewrite(json!({"bullets": bullets, "facts": text("two shops"), "role": role, "engine": "llm"})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let asked = model.asked();
        let said = |part: &str| asked.iter().flat_map(|request| &request.messages).any(|message| message.content.contains(part));
        assert!(said("six nodes") && said("two shops") && said(WEAK[3].0.trim_end_matches('.')), "{asked:?}");
        assert!(asked.iter().flat_map(|request| &request.messages).all(|message| !message.content.contains(is_invisible)), "{asked:?}");
        for result in answer.json()["results"].as_array().expect("results") {
            for variant in result["variants"].as_array().expect("variants") {
                assert!(!variant.to_string().contains(is_invisible), "{variant}");
            }
        }
    }
    let plain = "Cut p99 latency of the search API for 40 shops from 3.2 s to 180 ms by caching results in Redis";
    let kept = Api::without_model().rewrite_one(&text(plain), "rules").await;
    assert_eq!(kept["variants"][0]["text"], plain, "{kept}");
}

#[tokio::test]
async fn a_line_of_a_model_that_hides_something_is_refused() {
    let bullet = WEAK[3].0;
    for hidden in HIDDEN.chars().chain(['\u{7f}', '\u{9f}', '\u{85}']) {
        let api =
            Api::with(StubModel::new(move |_, request| Say::Text(draft(&format!("{}{hidden}", bullet_of(request).trim_end_matches('.'))))));
        let result = api.rewrite_one(bullet, "auto").await;
        assert!(!result["variants"].to_string().contains(hidden), "U+{:04X}: {result}", u32::from(hidden));
    }
}

#[tokio::test]
async fn the_largest_that_is_allowed_is_answered() {
    let api = Api::without_model();
    let bullet = format!("Built REST APIs {}", "x".repeat(584));
    assert_eq!(bullet.chars().count(), 600);
    let full = json!({"bullets": [bullet.as_str(), bullet.replace('x', "é")], "facts": "f ".repeat(2_000), "job_description": "j ".repeat(10_000),
                      "variants": 3, "max_chars": 600, "role": {"title": "t".repeat(120)}, "engine": "rules"});
    let answer = api.rewrite(full).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(api.post(MATCHES, &json!({"bullets": vec!["Built REST APIs"; 1_000]})).await.status, 200);
}
