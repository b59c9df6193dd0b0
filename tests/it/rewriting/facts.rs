//! What the writer says beside a bullet: it reaches the model whole, and a line may be as long as it takes to use it.

use serde_json::{Value, json};

use crate::harness::{Api, StubModel, draft};

/// The prompt that asks for the facts to be used.
const PROMPT: &str = "rewrite@3";

/// The lines of JSON data that a model was sent in its first question.
fn data(model: &StubModel) -> Vec<Value> {
    let user = model.asked()[0].messages.last().expect("two messages").content.clone();
    user.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[tokio::test]
async fn facts_of_the_bullet_and_of_the_request_reach_the_model_alone_and_in_a_group() {
    let long = format!("About {}", "40 tables, ".repeat(350));
    let order = |bullets: Value| json!({"bullets": bullets, "facts": "The team had five people.", "engine": "llm", "prompt": PROMPT});
    let own = json!({"text": "Designed the schema of the shop.", "facts": long});
    let model = StubModel::echo();
    Api::with(model.clone()).rewrite(order(json!([own]))).await;
    assert_eq!(data(&model)[0]["facts"], json!([long, "The team had five people."]));

    let model = StubModel::echo();
    Api::with(model.clone()).rewrite(order(json!([own, "Wrote the importer of the shop."]))).await;
    let told = data(&model);
    assert_eq!(told[0]["facts"], json!(["The team had five people."]), "once for all");
    let of = |bullet: &str| told.iter().find(|data| data["bullet"] == bullet).expect("its data")["facts"].clone();
    assert_eq!((of("Designed the schema of the shop."), of("Wrote the importer of the shop.")), (json!([long]), json!([])));
}

#[tokio::test]
async fn a_line_may_be_as_long_as_the_facts_that_go_into_it_make_it() {
    let text = "Added caching with Memcached in front of the geo lookup, hit rate about 85 %, cutting its bill from 900 to 200 EUR a month";
    let facts = "Memcached in front of the geo lookup, hit rate about 85 %, cutting its bill from 900 to 200 EUR a month";
    let bullet = json!([{"text": "Added caching", "facts": facts}]);
    let model = StubModel::texts([draft(text)]);
    let api = Api::with(model.clone());
    let result = api.rewrite(json!({"bullets": bullet, "engine": "auto", "prompt": PROMPT})).await.json()["results"][0].clone();
    let behind_its_verb = text.trim_start_matches("Added");
    assert!(result["variants"][0]["text"].as_str().is_some_and(|told| told.ends_with(behind_its_verb)), "{result}");
    assert_eq!(model.asked().len(), 1, "{result}");
}
