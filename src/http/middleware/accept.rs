//! A client is sent what it accepts of what a route offers, or is told so when that is nothing.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::contract::problem::Code;
use crate::http::api_router::JSON;
use crate::http::reply::ProblemReply;

/// What a route offers, best first.
pub(in crate::http) type Offers = Arc<[&'static str]>;

/// What is sent to this client.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Media(pub(in crate::http) &'static str);

impl<S: Sync> FromRequestParts<S> for Media {
    type Rejection = ProblemReply;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ProblemReply> {
        // A route that asks for this without the rule below is our mistake.
        parts.extensions.get::<Self>().copied().ok_or_else(ProblemReply::internal)
    }
}

/// Lets requests pass that accept something of what is offered, and says what.
pub(in crate::http) async fn check_accept(State(offers): State<Offers>, mut request: Request, next: Next) -> Response {
    if let Some(media) = chosen(request.headers(), &offers) {
        request.extensions_mut().insert(Media(media));
        return next.run(request).await;
    }
    let offers = offers.join(" or ");
    let detail = format!("Answers are {offers}; send an Accept header that names it, or none");
    ProblemReply::new(Code::NotAcceptable, detail).into_response()
}

/// The offer that is most welcome, the first of those that are equally so. Without the header everything is.
///
/// Naming `application/problem+json` alone is enough for JSON, for that is what problems are.
fn chosen(headers: &HeaderMap, offers: &[&'static str]) -> Option<&'static str> {
    let ranges: Vec<Range> = headers.get_all(ACCEPT).iter().filter_map(as_text).flat_map(|value| value.split(',')).map(Range::of).collect();
    if ranges.is_empty() {
        return offers.first().copied();
    }
    let weighed = offers.iter().map(|offer| (*offer, weight(&ranges, offer))).filter(|(_, weight)| *weight > 0.0);
    let best = weighed.reduce(|best, next| if next.1 > best.1 { next } else { best });
    let knows_problems = ranges.iter().any(|range| range.name == "application/problem+json" && range.weight > 0.0);
    best.map(|(offer, _)| offer).or_else(|| offers.iter().find(|offer| knows_problems && **offer == JSON).copied())
}

fn as_text(value: &HeaderValue) -> Option<&str> {
    value.to_str().ok()
}

/// One range of media types.
struct Range {
    /// In lower case, without parameters.
    name: String,
    weight: f32,
}

impl Range {
    fn of(text: &str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse().unwrap_or(1.0))
        });
        Self { name, weight: weight.unwrap_or(1.0) }
    }
}

/// How welcome an offer is, by the range that fits it closest.
fn weight(ranges: &[Range], offer: &str) -> f32 {
    let kind = offer.split('/').next().unwrap_or_default();
    let fits = [offer.split(';').next().unwrap_or_default().to_owned(), format!("{kind}/*"), "*/*".to_owned()];
    let of = |name: &String| ranges.iter().filter(|range| range.name == *name).map(|range| range.weight).reduce(f32::max);
    fits.iter().find_map(of).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;

    use super::*;
    use crate::http::api_router::CSV;
    use crate::http::testing::{ask, send};

    async fn answer(offers: &[&'static str], accept: &[&str]) -> (u16, String) {
        let layer = from_fn_with_state(Offers::from(offers), check_accept);
        let router = Router::new().route("/", get(async |Media(media): Media| media)).layer(layer);
        let headers: Vec<_> = accept.iter().map(|value| ("accept", *value)).collect();
        let answer = send(&router, ask("GET", "/", &headers)).await;
        let told = if answer.status == 200 { answer.text().to_owned() } else { answer.code() };
        (answer.status, told)
    }

    async fn check(accept: &[&str], status: u16) {
        let (got, told) = answer(&[JSON], accept).await;
        assert_eq!(got, status, "{accept:?}");
        if status == 406 {
            assert_eq!(told, "not_acceptable");
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

    #[tokio::test]
    async fn of_two_offers_the_more_welcome_one_is_sent_and_else_the_first() {
        for (accept, media) in [
            (&[][..], JSON),
            (&["*/*"], JSON),
            (&["text/csv"], CSV),
            (&["text/*"], CSV),
            (&["text/csv, application/json"], JSON),
            (&["text/csv", "application/json;q=0.9"], CSV),
            (&["text/csv;q=0.1, */*;q=0.2"], JSON),
            (&["application/json;q=0, */*"], CSV),
        ] {
            assert_eq!(answer(&[JSON, CSV], accept).await, (200, media.to_owned()), "{accept:?}");
        }
        assert_eq!(answer(&[JSON, CSV], &["text/html"]).await.0, 406);
    }
}
