//! Whether the models of the chain can be used at all: one small question to each, whose only right answer is in the schema.
//!
//! The schema takes one word that the question does not name, so that a provider which drops the schema gives itself away.
//! The question costs a few tokens, and its attempt stands in the ledger like every other.

use std::time::Duration;

use futures_util::future::{Either, join_all, select};
use serde_json::{Value, json};

use super::attempt::entry;
use super::failure::Failure;
use crate::contract::problem::{Code, Problem};
use crate::domain::cost::{Billed, Certainty, Day};
use crate::domain::prompt::PromptRef;
use crate::domain::request::{Message, ModelId, ModelRequest, Speaker};
use crate::ports::{CallPurpose, Completion, HoldOrder, ModelError};
use crate::service::account::budget::{self, Worst};
use crate::service::{Link, Parts, Service};

/// The word that only the schema names.
const WORD: &str = "anvil";
/// As much as a short draft may have: a model that thinks it away here would do so there.
const MAX_OUTPUT_TOKENS: u32 = 400;

/// What asking one model showed.
#[derive(Debug)]
pub struct Probe {
    /// The model.
    pub model: ModelId,
    /// What is good about it, or what is wrong.
    pub result: Result<String, Unusable>,
}

/// Why a model cannot be used.
#[derive(Debug)]
pub struct Unusable {
    /// The code that a rewrite would fail with.
    pub code: Code,
    /// What is wrong and how to mend it.
    pub sentence: String,
}

/// Asks every model of the chain at once.
pub(in crate::service) async fn probe(service: &Service, tenant: &str, longest: Duration) -> Result<Vec<Probe>, Problem> {
    let Parts { chain, ids, .. } = &service.parts;
    if chain.is_empty() {
        return Ok(Vec::new());
    }
    let prompt_ref: PromptRef =
        "config-check@1".parse().map_err(|error: crate::domain::prompt::PromptError| Problem::new(Code::Internal, error.to_string()))?;
    let id = format!("cc_{}", ids.next().simple());
    let asked = chain.iter().zip(0..).map(|(link, index)| {
        let (id, prompt_ref) = (id.clone(), prompt_ref.clone());
        async move {
            let (outcome, billed, latency) =
                ask(service, link, longest, Row { id, index, tenant, prompt_ref }).await.map_err(|failure| failure.problem(None))?;
            let result = finding(link, outcome, &billed, latency);
            Ok(Probe { model: link.model.id().clone(), result })
        }
    });
    join_all(asked).await.into_iter().collect()
}

/// What the ledger's row says beside the outcome.
struct Row<'a> {
    id: String,
    index: u32,
    tenant: &'a str,
    prompt_ref: PromptRef,
}

async fn ask(
    service: &Service,
    link: &Link,
    longest: Duration,
    row: Row<'_>,
) -> Result<(Result<Completion, ModelError>, Billed, Duration), Failure> {
    let Parts { clock, ids, spending, .. } = &service.parts;
    let Row { id, index, tenant, prompt_ref } = row;
    let request = question();
    let (started_at, Worst { amount: worst, input, price_ref }) = (clock.now(), link.worst(&request));
    let order = HoldOrder {
        attempt_id: ids.next(),
        rewrite_id: id,
        bullet_index: index,
        bullets: 1,
        attempt: 1,
        purpose: CallPurpose::Write,
        tenant: tenant.to_owned(),
        started_at,
        expires_at: started_at.plus(budget::lifetime(longest)),
        model: link.model.id().clone(),
        prompt_ref,
        skill: None,
        worst,
        input,
        price_ref,
        budget: spending.budgets.of(tenant),
    };
    let hold = budget::hold(service, &order).await?;
    let begun = clock.elapsed();
    let outcome = match select(link.model.ask(&request), clock.sleep(longest)).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(((), _)) => Err(ModelError::TimedOut),
    };
    let latency = clock.elapsed().saturating_sub(begun);
    let (billed, entry) = (link.bill(&outcome, input, Day::of_micros(started_at.0)), entry(order, link, &outcome, latency));
    budget::settle(service, hold, &entry).await?;
    Ok((outcome, billed, latency))
}

fn question() -> ModelRequest {
    let turn = |speaker, content: &str| Message { speaker, content: content.to_owned() };
    ModelRequest {
        messages: vec![
            turn(Speaker::System, "Answer with one JSON object and nothing else."),
            turn(Speaker::User, "Give one short English word of your choice as `word`."),
        ],
        schema_name: "config_check",
        schema: json!({
            "type": "object",
            "properties": { "word": { "type": "string", "enum": [WORD] } },
            "required": ["word"],
            "additionalProperties": false,
        }),
        max_output_tokens: MAX_OUTPUT_TOKENS,
    }
}

fn finding(link: &Link, outcome: Result<Completion, ModelError>, billed: &Billed, latency: Duration) -> Result<String, Unusable> {
    let model = link.model.id();
    let Completion { text, served } = match outcome {
        Ok(completion) => completion,
        Err(ModelError::ReplayMiss { .. }) => return Ok("recorded replies, so nobody was asked".to_owned()),
        Err(ModelError::Rejected { status: 404, .. }) => {
            let sentence = format!("the provider of {model} does not know the model (status 404); check its name in llm.chain");
            return Err(Unusable { code: Code::ProviderRejected, sentence });
        }
        Err(error) => {
            let failure = Failure::from(error);
            return Err(Unusable { code: failure.code(), sentence: failure.sentence(Some(model)) });
        }
    };
    if !is_obeyed(&text) {
        let sentence = format!(
            "{model} answers, but not by the schema, so that its drafts would often be of no use; use a model and a server with structured \
             outputs (llama.cpp, vLLM and Ollama have them, Ollama Cloud has not)"
        );
        return Err(Unusable { code: Code::ProviderBadReply, sentence });
    }
    let name = served.model.as_deref().filter(|name| *name != model.model()).map(|name| format!(" as {name}")).unwrap_or_default();
    let price = match (link.tariff.row(billed).map(|row| row.reviewed), billed.certainty) {
        (None, _) => "free".to_owned(),
        (Some(reviewed), Certainty::Exact) => format!("price of {reviewed} known"),
        (Some(reviewed), Certainty::Estimated) => {
            format!("price of {reviewed} estimated, for what answered has no row or no flat rate in the price file: add one")
        }
        (Some(_), Certainty::Unknown) => "cost unknown, for the provider does not say what it counted".to_owned(),
    };
    Ok(format!("answers{name}, schema obeyed, {price} ({} USD, {} ms)", billed.cost, latency.as_millis()))
}

/// The object, with its one word, and nothing around it but a reasoning model's thoughts.
fn is_obeyed(text: &str) -> bool {
    let answer = text.rsplit_once("</think>").map_or(text, |(_, answer)| answer);
    serde_json::from_str::<Value>(answer.trim()).is_ok_and(|answer| answer == json!({ "word": WORD }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_stands_in_the_schema_alone() {
        let request = question();
        assert!(request.messages.iter().all(|message| !message.content.contains(WORD)));
        assert!(request.schema.to_string().contains(WORD));
    }

    #[test]
    fn only_the_word_of_the_schema_obeys_it() {
        for good in [r#"{"word":"anvil"}"#, " {\"word\": \"anvil\"}\n", r#"<think>{"word":"x"}</think>{"word":"anvil"}"#] {
            assert!(is_obeyed(good), "{good}");
        }
        for bad in [r#"{"word":"cloud"}"#, r#"{"word":"anvil","why":"x"}"#, "anvil", "```json\n{\"word\":\"anvil\"}\n```", ""] {
            assert!(!is_obeyed(bad), "{bad}");
        }
    }
}
