//! The variable parts of a path; whatever cannot be read as one names nothing, so it is a 404.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::middleware::not_found;
use super::reply::ProblemReply;

/// The variable parts of the path, in its order.
#[derive(Debug)]
pub(super) struct PathParams<T>(pub(super) T);

impl<S, T> FromRequestParts<S> for PathParams<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = ProblemReply;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ProblemReply> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(params)) => Ok(Self(params)),
            Err(_) => Err(not_found()),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::get;

    use super::*;
    use crate::http::testing::{ask, send};

    #[tokio::test]
    async fn a_part_that_cannot_be_read_names_nothing() {
        let show = async |PathParams((name, version)): PathParams<(String, u32)>| format!("{name}@{version}");
        let router = Router::new().route("/{name}/{version}", get(show));
        assert_eq!(send(&router, ask("GET", "/rewrite/1", &[])).await.text(), "rewrite@1");
        for path in ["/rewrite/one", "/rewrite/-1", "/rewrite/99999999999", "/%FF/1"] {
            let answer = send(&router, ask("GET", path, &[])).await;
            assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{path}");
        }
    }
}
