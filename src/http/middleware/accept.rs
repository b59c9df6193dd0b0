//! A client that accepts no JSON is told so instead of being sent some.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::contract::problem::Code;
use crate::http::reply::ProblemReply;

/// Lets requests pass that accept JSON.
pub(in crate::http) async fn check_accept(request: Request, next: Next) -> Response {
    if accepts_json(request.headers()) {
        return next.run(request).await;
    }
    ProblemReply::new(Code::NotAcceptable, "Answers are application/json; send `Accept: application/json`, or no Accept header")
        .into_response()
}

/// Without the header everything is welcome. Else the closest range decides for `application/json`;
/// naming `application/problem+json` alone is enough, too, for that is what problems are.
fn accepts_json(headers: &HeaderMap) -> bool {
    let mut ranges = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).peekable();
    if ranges.peek().is_none() {
        return true;
    }
    let (mut closest, mut is_welcome) = (0, false);
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let closeness = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "application/json" => 3,
            "application/*" => 2,
            "*/*" => 1,
            "application/problem+json" if !is_refused(parts) => return true,
            _ => continue,
        };
        if closeness >= closest {
            let is_welcome_here = !is_refused(parts);
            is_welcome = is_welcome_here || (closeness == closest && is_welcome);
            closest = closeness;
        }
    }
    is_welcome
}

/// Whether `q=0` stands among the parameters.
fn is_refused<'a>(mut parameters: impl Iterator<Item = &'a str>) -> bool {
    parameters.any(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or_default();
        name.trim().eq_ignore_ascii_case("q") && value.trim().parse().is_ok_and(|weight: f32| weight <= 0.0)
    })
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::get;

    use super::*;
    use crate::http::testing::{ask, send};

    async fn check(accept: &[&str], status: u16) {
        let router = Router::new().route("/", get(async || "in")).layer(from_fn(check_accept));
        let headers: Vec<_> = accept.iter().map(|value| ("accept", *value)).collect();
        let answer = send(&router, ask("GET", "/", &headers)).await;
        assert_eq!(answer.status, status, "{accept:?}");
        if status == 406 {
            assert_eq!(answer.code(), "not_acceptable");
        }
    }

    #[tokio::test]
    async fn whoever_accepts_json_passes() {
        check(&[], 200).await;
        for accept in [
            "*/*",
            "application/*",
            "application/json",
            "Application/JSON;charset=utf-8",
            "application/problem+json",
            "text/html, application/json;q=0.1",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "application/*;q=0, application/json",
            "*/*;q=0, application/*",
            "application/json;q=0, application/problem+json",
        ] {
            check(&[accept], 200).await;
        }
        check(&["text/html", "application/json"], 200).await;
    }

    #[tokio::test]
    async fn whoever_accepts_none_is_told() {
        for accept in [
            "text/html",
            "text/event-stream",
            "text/*",
            "application/xml",
            "application/json;q=0",
            "application/json; Q = 0.000",
            "application/json;q=0, */*",
            "*/*;q=0",
            "application/*;q=0, */*",
            "application/problem+json;q=0",
            "application/jsonp",
        ] {
            check(&[accept], 406).await;
        }
        check(&["text/html", "text/plain"], 406).await;
    }
}
