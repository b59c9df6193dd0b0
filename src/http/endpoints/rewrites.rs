//! `POST /v1/rewrites`: rewrite bullets now.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::HttpState;
use super::cost::with_cost;
use crate::contract::problem::{Code, Problem};
use crate::contract::rewrite::{BulletResult, BulletStatus, RewriteAnswer, RewriteRequest};
use crate::http::api_router::{Access, Answer, JSON, Operation, Tag, Verb, schema_of};
use crate::http::cache_control::cache_use;
use crate::http::json_body::JsonBody;
use crate::http::middleware::{Asker, RequestId};
use crate::http::reply::{JsonReply, JsonText, ProblemReply};
use crate::service::Rewritten;

pub(super) const DOC: Operation = Operation {
    verb: Verb::Post,
    path: "/v1/rewrites",
    id: "createRewrites",
    summary: "Rewrite bullets",
    tag: Tag::Bullets,
    access: Access::Rewrite,
    parameters: &[],
    query: &[],
    request: Some(schema_of::<RewriteRequest>()),
    answers: &[
        Answer {
            status: 200,
            media: JSON,
            description: "Every bullet has a result",
            schema: schema_of::<RewriteAnswer>(),
            headers: &["X-Cost-Usd"],
        },
        Answer {
            status: 207,
            media: JSON,
            description: "Some bullets failed, each with its own `problem`; when all fail for one cause, that problem is the answer",
            schema: schema_of::<RewriteAnswer>(),
            headers: &["X-Cost-Usd"],
        },
    ],
    problems: &[
        Code::BudgetExhausted,
        Code::ProviderAuth,
        Code::ProviderQuota,
        Code::ProviderBadReply,
        Code::ProviderTruncated,
        Code::ProviderRefused,
        Code::ProviderRejected,
        Code::ProviderUngrounded,
        Code::ProviderUnreachable,
        Code::ProviderRateLimited,
        Code::ProviderUnavailable,
        Code::Overloaded,
        Code::LedgerDown,
        Code::NoModel,
    ],
};

pub(super) async fn rewrite(
    State(http): State<HttpState>,
    Asker(caller): Asker,
    RequestId(request_id): RequestId,
    headers: HeaderMap,
    JsonBody(mut order): JsonBody<RewriteRequest>,
) -> Result<Response, ProblemReply> {
    // What the body says counts more: whoever wrote it knew what it is for.
    order.cache = order.cache.or_else(|| cache_use(&headers));
    Ok(match http.service.rewrite_or_retell(order, &caller, http.deadline).await? {
        Rewritten::Made(answer) => reply(answer, &request_id),
        Rewritten::Retold(answer) => with_cost(&answer.cost_usd, JsonText(answer.json).into_response()),
    })
}

fn reply(mut answer: RewriteAnswer, request_id: &str) -> Response {
    let cost_usd = answer.usage.cost_usd.clone();
    let response = if let Some(problem) = common_problem(&answer.results) {
        ProblemReply::from(problem).into_response()
    } else {
        let has_failures = answer.results.iter().any(has_failed);
        for result in &mut answer.results {
            result.problem = result.problem.take().map(|problem| problem.for_request(request_id));
        }
        let status = if has_failures { StatusCode::MULTI_STATUS } else { StatusCode::OK };
        (status, JsonReply(answer)).into_response()
    };
    with_cost(&cost_usd, response)
}

fn has_failed(result: &BulletResult) -> bool {
    result.status == BulletStatus::Failed
}

/// The first problem, with the longest wait, when all bullets failed for the same cause.
fn common_problem(results: &[BulletResult]) -> Option<Problem> {
    let problems: Option<Vec<&Problem>> = results.iter().map(|result| result.problem.as_ref().filter(|_| has_failed(result))).collect();
    let problems = problems?;
    let first = *problems.first()?;
    let is_shared = problems.iter().all(|problem| problem.code == first.code);
    let retry_after = problems.iter().filter_map(|problem| problem.retry_after).max();
    is_shared.then(|| Problem { retry_after, ..first.clone() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::testing::{self, read};

    /// The answer to results that are good (`None`) or have failed.
    async fn check(results: Vec<Option<Problem>>) -> testing::Answer {
        let results: Vec<_> = results
            .into_iter()
            .enumerate()
            .map(|(index, problem)| {
                json!({
                    "index": index, "status": if problem.is_some() { "failed" } else { "rewritten" }, "bullet": "a", "skill": null,
                    "keywords": {"used": [], "supported": [], "unsupported": []},
                    "score": {"before": 1, "after": null, "reasons": []}, "variants": [], "notes": [],
                    "provenance": {"engine": "none", "provider": null, "model": null, "prompt": null, "prompt_sha256": null,
                                   "cache": "bypassed", "attempts": 0, "input_tokens": 0, "output_tokens": 0, "cost_usd": "0"},
                    "problem": problem,
                })
            })
            .collect();
        let usage = json!({"llm_calls": 1, "input_tokens": 2, "output_tokens": 3, "cost_usd": "0.000312"});
        let answer = json!({"id": "rw_1", "rules_version": "1", "results": results, "usage": usage});
        read(reply(serde_json::from_value(answer).unwrap(), "req_1")).await
    }

    fn failed(code: Code, detail: &str, retry_after: Option<u64>) -> Problem {
        Problem { retry_after, ..Problem::new(code, detail) }
    }

    #[tokio::test]
    async fn all_good_is_200_with_the_cost() {
        let answer = check(vec![None, None]).await;
        assert_eq!((answer.status, answer.header("x-cost-usd")), (200, Some("0.000312")));
        assert_eq!(answer.json()["results"][1]["index"], 1);
    }

    #[tokio::test]
    async fn some_failed_is_207_and_each_problem_names_the_request() {
        let answer = check(vec![None, Some(failed(Code::ProviderRefused, "no", None))]).await;
        assert_eq!((answer.status, answer.header("content-type")), (207, Some("application/json")));
        assert_eq!(answer.json()["results"][1]["problem"]["request_id"], "req_1");
    }

    #[tokio::test]
    async fn all_failed_for_one_cause_is_that_problem() {
        let busy = |detail, wait| Some(failed(Code::ProviderRateLimited, detail, wait));
        let answer = check(vec![busy("first", None), busy("second", Some(9)), busy("third", Some(4))]).await;
        assert_eq!((answer.status, answer.header("content-type")), (503, Some("application/problem+json")));
        assert_eq!((answer.header("retry-after"), answer.header("x-cost-usd")), (Some("9"), Some("0.000312")));
        assert_eq!(answer.json()["detail"], "first");
    }

    #[tokio::test]
    async fn all_failed_for_different_causes_is_207() {
        let failures = [failed(Code::ProviderRefused, "a", None), failed(Code::ProviderTruncated, "b", None)];
        let answer = check(failures.map(Some).to_vec()).await;
        assert_eq!((answer.status, answer.header("retry-after")), (207, None));
    }
}
