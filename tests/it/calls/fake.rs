//! The fake provider over a real connection: every fault is what it says, and the ledger says the same as the provider.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use bulletsmith::domain::cost::Certainty::{Estimated, Exact, Unknown};
use bulletsmith::service::CallLimits;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::one;
use crate::harness::{Api, FakeProvider, Fault, Faults, Setup, model_at, priced, router};

#[tokio::test]
async fn every_fault_is_read_by_meaning_and_accounted() {
    for fault in Fault::ALL {
        let (outcome, certainty, is_counted) = match fault {
            Fault::RetryAfterSeconds | Fault::RetryAfterMillis | Fault::RetryAfterDate => ("provider_rate_limited", Exact, false),
            Fault::Overloaded | Fault::ServerError | Fault::ErrorInSuccess => ("provider_unavailable", Unknown, false),
            Fault::Quota => ("provider_quota", Exact, false),
            Fault::Cut => ("provider_bad_reply", Unknown, false),
            Fault::Truncated => ("provider_truncated", Exact, true),
            Fault::Refusal => ("provider_refused", Exact, true),
            Fault::WrongModel => ("complete", Estimated, true),
            Fault::NoUsage => ("complete", Unknown, false),
            Fault::ZeroUsage | Fault::CachedUsage | Fault::BrokenJson | Fault::Fenced | Fault::WrongSchema | Fault::Invented => {
                ("complete", Exact, true)
            }
            // These take time, which a test has none of, or need several bullets; they stand in the thousands of `chaos`.
            Fault::Stall | Fault::Trickle | Fault::LeftOut | Fault::Doubled | Fault::StrangeId | Fault::BadElement => continue,
        };
        let provider = Arc::new(FakeProvider::new(1, Faults::of(&[fault], 100), Duration::ZERO));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}/v1", listener.local_addr().expect("bound"));
        let routes = router(Arc::clone(&provider));
        let mut server = JoinSet::new();
        server.spawn(async { axum::serve(listener, routes).await.expect("serves until dropped") });

        let limits = CallLimits { attempts: 1, ..CallLimits::default() };
        let api: Api = Api::new(Setup { chain: vec![priced(model_at(&base, "fake/one"))], limits, ..Setup::default() });
        let answer = api.rewrite(one(1)).await;
        let rows = api.ledger.rows();
        assert_eq!((rows.len(), rows[0].outcome, rows[0].certainty), (1, outcome, certainty), "{fault:?}: {}", answer.text());
        let (counts, usage) = (provider.counts(), rows[0].usage);
        assert_eq!(usage.is_some(), is_counted, "{fault:?}");
        let usage = usage.unwrap_or_default();
        assert_eq!(
            (usage.input().unwrap_or(0), usage.cache_read.unwrap_or(0), usage.output().unwrap_or(0)),
            (counts.told.input, counts.told.cached, counts.told.output),
            "{fault:?}"
        );
        assert_eq!((fault == Fault::ZeroUsage, fault == Fault::CachedUsage), (usage.input() == Some(0), usage.cache_read > Some(0)));
        assert_eq!(rows[0].served_model.as_deref() == Some("one-other"), fault == Fault::WrongModel);
        assert_eq!(
            answer.status == 200,
            outcome == "complete" && !matches!(fault, Fault::BrokenJson | Fault::WrongSchema | Fault::Invented)
        );
    }
}

#[tokio::test]
async fn the_provider_shows_its_accounts() {
    let provider = Arc::new(FakeProvider::new(1, "none".parse().expect("a kind"), Duration::ZERO));
    provider.take(&Value::Null, std::time::SystemTime::UNIX_EPOCH);
    let request = Request::get("/counts").body(Body::empty()).expect("well formed");
    let body = router(provider).oneshot(request).await.expect("infallible").into_body();
    let shown: Value = serde_json::from_slice(&to_bytes(body, usize::MAX).await.expect("a body")).expect("JSON");
    assert_eq!((&shown["attempts"], &shown["told"]["calls"], &shown["untold"]["calls"]), (&1.into(), &0.into(), &1.into()));
}
