//! The header that says what a request cost.

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

const COST: HeaderName = HeaderName::from_static("x-cost-usd");

/// The answer with what it cost; failed attempts cost, too, so a problem has the header as well.
pub(super) fn with_cost(cost_usd: &str, mut response: Response) -> Response {
    if let Ok(cost) = HeaderValue::try_from(cost_usd) {
        response.headers_mut().insert(COST, cost);
    }
    response
}
