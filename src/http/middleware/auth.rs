//! Who asks: whoever holds the key, or, when the service runs without one, the person at this machine.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::contract::problem::Code;
use crate::http::Auth;
use crate::http::reply::ProblemReply;
use crate::service::Caller;

/// Who asks; known on every route that is not public.
#[derive(Debug, Clone)]
pub(in crate::http) struct Asker(pub(in crate::http) Caller);

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = ProblemReply;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ProblemReply> {
        // A handler of a public route that asks for this is our mistake; better no answer than one for nobody's account.
        parts.extensions.get::<Self>().cloned().ok_or_else(ProblemReply::internal)
    }
}

/// Lets whoever may ask pass, and says who it is.
pub(in crate::http) async fn check_key(State(auth): State<Arc<Auth>>, mut request: Request, next: Next) -> Response {
    let Some(tenant) = tenant(&auth, request.headers()) else {
        return ProblemReply::new(Code::Unauthorized, "Send the key of this service as `Authorization: Bearer KEY`").into_response();
    };
    request.extensions_mut().insert(Asker(Caller { tenant: tenant.to_owned() }));
    next.run(request).await
}

fn tenant(auth: &Auth, headers: &HeaderMap) -> Option<&'static str> {
    match auth {
        Auth::Off => Some("local"),
        Auth::AdminKey(key) => is_same(bearer(headers)?, key.expose_secret()).then_some("admin"),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (sent.next(), sent.next()) else { return None };
    let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// Compares hashes, and those in constant time, so that neither the place of a difference nor a length can be measured.
fn is_same(sent: &str, key: &str) -> bool {
    Sha256::digest(sent).as_slice().ct_eq(Sha256::digest(key).as_slice()).into()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;

    use super::*;
    use crate::http::testing::{Answer, ask, send};

    async fn ask_with(auth: Auth, headers: &[(&str, &str)]) -> Answer {
        let router = Router::new()
            .route("/", get(async |Asker(caller): Asker| caller.tenant))
            .route_layer(from_fn_with_state(Arc::new(auth), check_key));
        send(&router, ask("GET", "/", headers)).await
    }

    fn locked() -> Auth {
        Auth::AdminKey("0123456789abcdef0123456789abcdef".into())
    }

    #[tokio::test]
    async fn without_auth_everyone_is_local_whatever_they_send() {
        assert_eq!(ask_with(Auth::Off, &[]).await.text(), "local");
        assert_eq!(ask_with(Auth::Off, &[("authorization", "Bearer x")]).await.text(), "local");
    }

    #[tokio::test]
    async fn the_key_opens() {
        for sent in ["Bearer 0123456789abcdef0123456789abcdef", "bearer  0123456789abcdef0123456789abcdef"] {
            let answer = ask_with(locked(), &[("authorization", sent)]).await;
            assert_eq!((answer.status, answer.text()), (200, "admin"), "{sent}");
        }
    }

    #[tokio::test]
    async fn anything_else_does_not() {
        for sent in [
            "Bearer",
            "Bearer ",
            "Bearer 0123456789abcdef0123456789abcde",
            "Bearer 0123456789abcdef0123456789abcdef0",
            "Bearer 0123456789ABCDEF0123456789ABCDEF",
            "Basic 0123456789abcdef0123456789abcdef",
            "0123456789abcdef0123456789abcdef",
        ] {
            let answer = ask_with(locked(), &[("authorization", sent)]).await;
            assert_eq!((answer.status, answer.code().as_str()), (401, "unauthorized"), "{sent}");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
        assert_eq!(ask_with(locked(), &[]).await.status, 401);
        let good = ("authorization", "Bearer 0123456789abcdef0123456789abcdef");
        assert_eq!(ask_with(locked(), &[good, good]).await.status, 401);
    }

    #[tokio::test]
    async fn a_handler_that_nobody_guards_gets_no_caller() {
        let router = Router::new().route("/", get(async |Asker(caller): Asker| caller.tenant));
        assert_eq!(send(&router, ask("GET", "/", &[])).await.status, 500);
    }

    #[test]
    fn the_key_does_not_reach_a_log_by_accident() {
        assert!(!format!("{:?}", locked()).contains("0123"));
    }
}
