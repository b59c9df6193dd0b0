//! Puts routes and middleware together, in the one order that works.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};

use super::Auth;
use super::api_router::{Access, ApiRouter, Verb};
use super::middleware::{
    Offers, catch_panic, check_accept, check_host, check_key, keep_deadline, method_not_allowed, name_request, not_found, time_request,
};
use crate::ports::{Clock, Ids};

/// What is added to the deadline of the service, so that its own answer comes first.
const GRACE: Duration = Duration::from_secs(2);

/// What the middleware needs.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) ids: Arc<dyn Ids>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) deadline: Duration,
    pub(super) auth: Auth,
    /// Whether `/metrics` is open to whoever reaches the service.
    pub(super) public_metrics: bool,
}

/// The routes behind all their middleware.
pub(super) fn assemble<S: Clone + Send + Sync + 'static>(api: ApiRouter<S>, state: S, rules: Rules) -> Router {
    let Rules { ids, clock, deadline, auth, public_metrics } = rules;
    let is_open = matches!(auth, Auth::Off);
    let auth = Arc::new(auth);
    let guarded = api.into_router(|operation, mut route| {
        // The layer that is added last is met first.
        if operation.verb == Verb::Post {
            route = route.route_layer(from_fn_with_state(deadline.saturating_add(GRACE), keep_deadline));
        }
        let is_public = match operation.access {
            Access::Public => true,
            Access::Metrics => public_metrics,
            Access::Rewrite | Access::Usage | Access::Admin => false,
        };
        if !is_public {
            route = route.route_layer(from_fn_with_state(Arc::clone(&auth), check_key));
        }
        if operation.negotiates() {
            route = route.route_layer(from_fn_with_state(Offers::from(operation.offers()), check_accept));
        }
        route
    });
    let mut router = guarded
        .fallback(async || not_found())
        .method_not_allowed_fallback(async |method: Method| method_not_allowed(&method))
        .with_state(state);
    if is_open {
        router = router.layer(from_fn(check_host));
    }
    router.layer(from_fn(catch_panic)).layer(from_fn_with_state(clock, time_request)).layer(from_fn_with_state(ids, name_request))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use serde_json::json;

    use super::*;
    use crate::contract::check::CheckRequest;
    use crate::http::api_router::{Answer, JSON, Operation, Parameter, Tag, schema_of};
    use crate::http::json_body::{BodyLimit, JsonBody};
    use crate::http::middleware::Asker;
    use crate::http::path_params::PathParams;
    use crate::http::reply::JsonReply;
    use crate::http::testing::{self, ask, send};

    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const NAME: Parameter = Parameter { name: "name", description: "A name", schema: schema_of::<String>() };

    const DONE: &[Answer] = &[Answer { status: 200, media: JSON, description: "Done", schema: schema_of::<String>(), headers: &[] }];

    const fn operation(verb: Verb, path: &'static str, access: Access, parameters: &'static [Parameter]) -> Operation {
        Operation {
            verb,
            path,
            id: "x",
            summary: "x",
            tag: Tag::Service,
            access,
            parameters,
            query: &[],
            request: None,
            answers: DONE,
            problems: &[],
        }
    }

    async fn echo(Asker(caller): Asker, JsonBody(order): JsonBody<CheckRequest>) -> JsonReply<String> {
        JsonReply(format!("{}: {}", caller.tenant, order.bullet))
    }

    async fn falls() -> JsonReply<String> {
        panic!("secret")
    }

    fn router(auth: Auth) -> Router {
        let api = ApiRouter::new()
            .add(operation(Verb::Post, "/echo", Access::Rewrite, &[]), echo)
            .add(operation(Verb::Get, "/open", Access::Public, &[]), async || JsonReply("open"))
            .add(operation(Verb::Get, "/things/{name}", Access::Admin, &[NAME]), async |PathParams(name): PathParams<String>| {
                JsonReply(name)
            })
            .add(operation(Verb::Get, "/falls", Access::Public, &[]), falls);
        let rules = Rules { ids: testing::ids(), clock: testing::clock(), deadline: Duration::from_mins(1), auth, public_metrics: false };
        assemble(api, BodyLimit(100), rules)
    }

    fn open() -> Router {
        router(Auth::Off)
    }

    fn locked() -> Router {
        router(Auth::AdminKey(KEY.into()))
    }

    fn post(headers: &[(&str, &str)], body: &'static str) -> Request<Body> {
        let (mut parts, _) = ask("POST", "/echo", headers).into_parts();
        parts.headers.insert("content-type", "application/json".parse().unwrap());
        Request::from_parts(parts, Body::from(body))
    }

    const LOCAL: (&str, &str) = ("host", "localhost:8080");

    #[tokio::test]
    async fn a_good_request_is_answered() {
        let answer = send(&open(), post(&[LOCAL], r#"{"bullet": "a"}"#)).await;
        assert_eq!((answer.status, answer.json()), (200, json!("local: a")));
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let key = format!("Bearer {KEY}");
        let answer = send(&locked(), post(&[("authorization", &key)], r#"{"bullet": "a"}"#)).await;
        assert_eq!(answer.json(), "admin: a");
    }

    #[tokio::test]
    async fn every_answer_has_a_name_and_a_duration_and_every_error_is_a_problem() {
        for (request, status) in [
            (ask("GET", "/open", &[LOCAL]), 200),
            (ask("GET", "/nowhere", &[LOCAL]), 404),
            (ask("GET", "/open/", &[LOCAL]), 404),
            (ask("GET", "/things/%FF", &[LOCAL]), 404),
            (ask("DELETE", "/open", &[LOCAL]), 405),
            (ask("GET", "/open", &[]), 403),
            (ask("GET", "/nowhere", &[("host", "evil.example")]), 403),
            (ask("GET", "/open", &[LOCAL, ("accept", "text/html")]), 406),
            (ask("GET", "/falls", &[LOCAL]), 500),
            (ask("POST", "/echo", &[LOCAL]), 415),
            (post(&[LOCAL], "{"), 400),
            (post(&[LOCAL], "{}"), 422),
        ] {
            let told = format!("{} {}", request.method(), request.uri());
            let answer = send(&open(), request).await;
            assert_eq!(answer.status, status, "{told}");
            let id = answer.header("x-request-id").unwrap();
            assert!(id.starts_with("req_") && answer.header("server-timing").is_some(), "{told}");
            if status >= 400 {
                assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{told}");
                assert_eq!(answer.json()["request_id"], id, "{told}");
                assert_eq!(answer.json()["status"], status, "{told}");
            }
        }
    }

    #[tokio::test]
    async fn a_wrong_method_is_told_the_right_ones() {
        let answer = send(&open(), ask("DELETE", "/echo", &[LOCAL])).await;
        assert_eq!((answer.code().as_str(), answer.header("allow")), ("method_not_allowed", Some("POST")));
        let answer = send(&locked(), ask("PUT", "/things/a", &[])).await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET,HEAD")));
    }

    #[tokio::test]
    async fn head_is_get_without_the_body() {
        let answer = send(&open(), ask("HEAD", "/open", &[LOCAL])).await;
        assert_eq!((answer.status, answer.header("content-length"), answer.body.len()), (200, Some("6"), 0));
    }

    #[tokio::test]
    async fn with_a_key_only_public_routes_are_open_and_the_host_is_free() {
        assert_eq!(send(&locked(), ask("GET", "/open", &[("host", "resume.example")])).await.status, 200);
        assert_eq!(send(&locked(), ask("GET", "/things/a", &[])).await.status, 401);
        assert_eq!(send(&locked(), post(&[], "{")).await.status, 401);
        assert_eq!(send(&locked(), ask("GET", "/nowhere", &[])).await.status, 404);
    }
}
