//! Every answer says how long it took, in `Server-Timing`, which browsers show next to the request.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::ports::Clock;

const HEADER: HeaderName = HeaderName::from_static("server-timing");

/// Writes down how long the answer took.
pub(in crate::http) async fn time_request(State(clock): State<Arc<dyn Clock>>, request: Request, next: Next) -> Response {
    let start = clock.elapsed();
    let mut response = next.run(request).await;
    let took = clock.elapsed().saturating_sub(start);
    let milliseconds = took.as_secs_f64() * 1000.0;
    if let Ok(value) = HeaderValue::try_from(format!("total;dur={milliseconds:.1}")) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;

    use super::*;
    use crate::http::testing::{ask, clock, send};

    #[tokio::test]
    async fn the_answer_tells_its_duration_in_milliseconds() {
        let router = Router::new().layer(from_fn_with_state(clock(), time_request));
        let answer = send(&router, ask("GET", "/nowhere", &[])).await;
        assert_eq!((answer.status, answer.header("server-timing")), (404, Some("total;dur=1.5")));
    }
}
