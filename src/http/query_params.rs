//! The query of a URL; what cannot be read as one is told like a body that cannot be used.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::reply::ProblemReply;
use crate::contract::problem::{FieldError, Problem};

/// The query, by the names of its fields.
#[derive(Debug)]
pub(super) struct QueryParams<T>(pub(super) T);

impl<S, T> FromRequestParts<S> for QueryParams<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = ProblemReply;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ProblemReply> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Self(params)),
            Err(refused) => {
                let why = std::error::Error::source(&refused).map_or_else(|| "is not a query".to_owned(), ToString::to_string);
                Err(Problem::invalid(vec![FieldError::new("", format!("the query of the URL cannot be read: {why}"))]).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::get;
    use serde::Deserialize;

    use super::*;
    use crate::http::testing::{ask, send};

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Days {
        from: Option<String>,
    }

    #[tokio::test]
    async fn a_query_is_read_by_its_names_and_what_is_not_known_is_told() {
        let router = Router::new().route("/", get(async |QueryParams(days): QueryParams<Days>| days.from.unwrap_or_default()));
        for (query, from) in [("", ""), ("?", ""), ("?from=2026-11-01", "2026-11-01"), ("?from=a%2Cb", "a,b")] {
            assert_eq!(send(&router, ask("GET", &format!("/{query}"), &[])).await.text(), from, "{query}");
        }
        for (query, told) in [("?form=x", "unknown field `form`"), ("?from=a&from=b", "duplicate field `from`")] {
            let answer = send(&router, ask("GET", &format!("/{query}"), &[])).await;
            assert_eq!((answer.status, answer.code().as_str()), (422, "invalid_request"), "{query}");
            assert!(answer.text().contains(told), "{}", answer.text());
        }
    }
}
