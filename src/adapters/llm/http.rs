//! Carries exchanges over the network with one HTTP client, set up so that it does exactly what it is told, once.
//!
//! No total timeout stands here: `service::calling::chain` owns the deadline and drops the future when it has passed.

use std::fmt;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, Url};
use secrecy::{ExposeSecret as _, SecretString};

use super::transport::{Exchange, Transport, WireReply};
use super::wire::Wire;
use crate::ports::{BoxFuture, ModelError, Served};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const USER_AGENT: &str = concat!("bulletsmith/", env!("CARGO_PKG_VERSION"));
/// A bullet is a line of text; a reply beyond this is not an answer to it.
const LARGEST_BODY: usize = 1024 * 1024;

/// One provider, over HTTP.
pub struct HttpTransport {
    client: Client,
    base: Url,
}

/// Why a provider cannot be set up. Neither the address nor the key is repeated: both can hold secrets.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Not an address that requests can go to.
    #[error("the base URL is not an http or https address without user name and password, such as http://127.0.0.1:8080/v1")]
    BaseUrl,
    /// A key with a line break, or with other characters that no header can carry.
    #[error("the API key holds characters that no HTTP header can carry; look for a line break at its end")]
    ApiKey,
    /// The client would not be built.
    #[error("could not set up the HTTP client")]
    Client(#[source] reqwest::Error),
}

impl HttpTransport {
    /// A provider of OpenAI's wire format that asks for no key, such as a local server.
    pub fn open(base_url: &str) -> Result<Self, HttpError> {
        Self::new(base_url, Wire::OpenAi, None)
    }

    /// A provider of OpenAI's wire format that takes this key.
    pub fn with_key(base_url: &str, api_key: &SecretString) -> Result<Self, HttpError> {
        Self::new(base_url, Wire::OpenAi, Some(api_key))
    }

    /// A provider of any wire format; the format says in which header the key goes.
    pub fn new(base_url: &str, wire: Wire, api_key: Option<&SecretString>) -> Result<Self, HttpError> {
        let mut headers: HeaderMap =
            wire.headers().iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
        if let Some(key) = api_key {
            let (name, scheme) = wire.key_header();
            let mut value = HeaderValue::from_str(&format!("{scheme}{}", key.expose_secret())).map_err(|_| HttpError::ApiKey)?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Self::build(base_url, headers)
    }

    fn build(base_url: &str, mut headers: HeaderMap) -> Result<Self, HttpError> {
        let base = Url::parse(base_url).map_err(|_| HttpError::BaseUrl)?;
        if !matches!(base.scheme(), "http" | "https") || !base.username().is_empty() || base.password().is_some() {
            return Err(HttpError::BaseUrl);
        }
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let mut client = Client::builder()
            .user_agent(USER_AGENT)
            .default_headers(headers)
            .connect_timeout(CONNECT_TIMEOUT)
            // The ledger has one row an attempt, so the client may not make attempts of its own.
            .retry(reqwest::retry::never())
            // A redirect would carry the user's text, and perhaps the key, to an address that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .tls_certs_merge(roots());
        if is_this_machine(&base) {
            // A proxy of the environment is for the world outside: what goes to this machine stays on it.
            client = client.no_proxy();
        }
        Ok(Self { client: client.build().map_err(HttpError::Client)?, base })
    }

    /// The base URL and the path, with one slash between; a query of the base URL stays at the end.
    fn address(&self, path: &str) -> Url {
        let mut address = self.base.clone();
        address.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        address
    }
}

/// Shows where requests go, without the query, which can hold a key.
impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpTransport({}{})", self.base.origin().ascii_serialization(), self.base.path())
    }
}

impl Transport for HttpTransport {
    fn send<'a>(&'a self, exchange: &'a Exchange) -> BoxFuture<'a, Result<WireReply, ModelError>> {
        Box::pin(async {
            let request = self.client.post(self.address(&exchange.path)).body(exchange.body.to_string());
            let response = request.send().await.map_err(no_reply)?;
            let status = response.status().as_u16();
            let headers = response.headers().clone();
            let body = read_body(response).await?;
            let headers = headers.iter().filter_map(|(name, value)| Some((name, value.to_str().ok()?)));
            Ok(WireReply::new(status, headers, body))
        })
    }
}

/// By chunks, so that a body without end is left as soon as it is too long.
async fn read_body(mut response: reqwest::Response) -> Result<Vec<u8>, ModelError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST_BODY => return Err(bad("more than 1 MiB")),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) if error.is_timeout() => return Err(ModelError::TimedOut),
            // The model has worked: this is a reply whose cost is unknown, and not a provider out of reach.
            Err(_) => return Err(ModelError::StreamCut { served: Box::default() }),
        }
    }
}

fn no_reply(error: reqwest::Error) -> ModelError {
    // Connecting has a limit of its own, far before the deadline; nothing was asked of the model when it passes.
    if error.is_timeout() && !error.is_connect() {
        return ModelError::TimedOut;
    }
    ModelError::Unreachable { was_sent: !error.is_connect(), source: error.without_url().into() }
}

fn bad(reason: &str) -> ModelError {
    ModelError::BadReply { reason: reason.to_owned(), served: Box::new(Served::default()) }
}

fn is_this_machine(address: &Url) -> bool {
    let Some(host) = address.host_str() else { return false };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Mozilla's certificates, added to those of the machine: an image without any would otherwise not even start.
fn roots() -> Vec<Certificate> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|root| Certificate::from_der(root).ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::Router;
    use axum::http::{HeaderMap, HeaderName, Uri, header};
    use axum::response::{Html, Redirect};
    use axum::routing::post;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio::task::JoinSet;

    use super::super::stub::exchange;
    use super::*;

    /// A provider on this machine, for as long as the second value lives.
    async fn serve(router: Router) -> (String, JoinSet<()>) {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let base = format!("http://{}/v1/", listener.local_addr().expect("bound"));
        let mut server = JoinSet::new();
        server.spawn(async { axum::serve(listener, router).await.expect("serves until dropped") });
        (base, server)
    }

    fn chat(handler: axum::routing::MethodRouter) -> Router {
        Router::new().route("/v1/chat/completions", handler)
    }

    async fn ask(base: &str) -> Result<WireReply, ModelError> {
        HttpTransport::open(base).expect("well formed").send(&exchange()).await
    }

    #[tokio::test]
    async fn the_body_goes_out_as_json_with_the_key_and_comes_back_with_its_status() {
        let echo = |uri: Uri, headers: HeaderMap, body: String| async move {
            let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
            let heard = [uri.to_string(), text(header::AUTHORIZATION), text(header::CONTENT_TYPE), text(header::USER_AGENT), body];
            ([("retry-after", "3"), ("x-secret", "s")], heard.join("\n"))
        };
        let (base, _server) = serve(chat(post(echo))).await;
        let transport = HttpTransport::with_key(&format!("{base}?api-version=1"), &"sk-123".into()).expect("well formed");
        let reply = transport.send(&exchange()).await.expect("a reply");
        assert_eq!((reply.status, reply.header("retry-after"), reply.header("x-secret")), (200, Some("3"), None));
        let heard = String::from_utf8(reply.body).expect("text");
        let expect = ["/v1/chat/completions?api-version=1", "Bearer sk-123", "application/json", USER_AGENT, &exchange().body.to_string()];
        assert_eq!(heard.lines().collect::<Vec<_>>(), expect);
    }

    #[tokio::test]
    async fn every_wire_format_has_its_own_header_for_the_key_and_none_goes_out_without_a_key() {
        let names = ["authorization", "x-api-key", "x-goog-api-key", "anthropic-version"];
        let echo = move |headers: HeaderMap| async move {
            let text = |name| headers.get(HeaderName::from_static(name)).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
            names.map(text).join(" ")
        };
        let (base, _server) = serve(chat(post(echo))).await;
        for (wire, key, expect) in [
            (Wire::OpenAi, Some("k"), "Bearer k - - -"),
            (Wire::Anthropic, Some("k"), "- k - 2023-06-01"),
            (Wire::Gemini, Some("k"), "- - k -"),
            (Wire::Anthropic, None, "- - - 2023-06-01"),
            (Wire::Gemini, None, "- - - -"),
        ] {
            let key = key.map(SecretString::from);
            let transport = HttpTransport::new(&base, wire, key.as_ref()).expect("well formed");
            assert_eq!(transport.send(&exchange()).await.expect("a reply").body, expect.as_bytes(), "{wire:?}");
            assert!(!format!("{transport:?}").contains("Bearer"), "{transport:?}");
        }
    }

    #[tokio::test]
    async fn a_reply_is_a_reply_whatever_its_status_and_form() {
        let (base, _server) = serve(chat(post(|| async { (axum::http::StatusCode::BAD_GATEWAY, Html("<p>down</p>")) }))).await;
        let reply = ask(base.trim_end_matches('/')).await.expect("a reply");
        assert_eq!((reply.status, reply.body.as_slice()), (502, b"<p>down</p>".as_slice()));
        assert!(reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let router = chat(post(|| async { Redirect::temporary("/elsewhere") })).route("/elsewhere", post(|| async { "{}" }));
        let (base, _server) = serve(router).await;
        assert_eq!(ask(&base).await.expect("a reply").status, 307);
    }

    #[tokio::test]
    async fn a_body_beyond_the_limit_is_a_bad_reply() {
        let (base, _server) = serve(chat(post(|| async { vec![b' '; LARGEST_BODY] }))).await;
        assert_eq!(ask(&base).await.expect("just fits").body.len(), LARGEST_BODY);
        let (base, _server) = serve(chat(post(|| async { vec![b' '; LARGEST_BODY + 1] }))).await;
        let error = ask(&base).await.expect_err("too long");
        assert!(matches!(&error, ModelError::BadReply { reason, .. } if reason == "more than 1 MiB"), "{error:?}");
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_told_apart_from_a_provider_out_of_reach() {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let base = format!("http://{}/v1", listener.local_addr().expect("bound"));
        let mut server = JoinSet::new();
        server.spawn(async move {
            let (mut socket, _) = listener.accept().await.expect("a client");
            let mut heard = Vec::new();
            while !heard.ends_with(b"}") {
                socket.read_buf(&mut heard).await.expect("the request");
            }
            socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"choices\":").await.expect("sent");
        });
        let error = ask(&base).await.expect_err("cut");
        assert!(matches!(&error, ModelError::StreamCut { .. }), "{error:?}");
    }

    #[tokio::test]
    async fn a_port_where_nobody_listens_is_unreachable_and_the_error_does_not_repeat_the_address() {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let base = format!("http://{}/v1?key=sk-123", listener.local_addr().expect("bound"));
        drop(listener);
        let error = ask(&base).await.expect_err("nobody listens");
        assert!(matches!(error, ModelError::Unreachable { was_sent: false, .. }), "{error:?}");
        assert!(!format!("{error:?}").contains("sk-123"), "{error:?}");
    }

    #[tokio::test]
    async fn a_connection_that_breaks_before_the_reply_is_unreachable_and_the_model_may_have_worked() {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let base = format!("http://{}/v1", listener.local_addr().expect("bound"));
        let mut server = JoinSet::new();
        server.spawn(async move {
            let (mut socket, _) = listener.accept().await.expect("a client");
            let mut heard = Vec::new();
            while !heard.ends_with(b"}") {
                socket.read_buf(&mut heard).await.expect("the request");
            }
        });
        let error = ask(&base).await.expect_err("closed");
        assert!(matches!(error, ModelError::Unreachable { was_sent: true, .. }), "{error:?}");
    }

    #[test]
    fn neither_the_key_nor_the_query_stands_in_a_debug_print() {
        let transport = HttpTransport::with_key("https://api.example.com/v1?key=sk-1", &"sk-2".into()).expect("well formed");
        assert_eq!(format!("{transport:?}"), "HttpTransport(https://api.example.com/v1)");
    }

    #[test]
    fn an_address_or_a_key_that_cannot_be_used_is_refused_without_repeating_it() {
        for base in ["", "api.example.com", "ftp://example.com", "https://me:sk-1@example.com/v1", "file:///etc/passwd", "http://"] {
            let error = HttpTransport::open(base).expect_err(base);
            assert!(matches!(error, HttpError::BaseUrl) && !error.to_string().contains("sk-1"), "{base}");
        }
        let error = HttpTransport::with_key("https://example.com", &"sk-1\n".into()).expect_err("a line break");
        assert!(matches!(error, HttpError::ApiKey) && !error.to_string().contains("sk-1"));
    }

    #[test]
    fn bundled_roots_are_there_for_machines_without_certificates() {
        assert!(roots().len() > 50);
    }

    #[test]
    fn only_this_machine_goes_round_the_proxy() {
        for (address, expect) in [
            ("http://localhost:8080/v1", true),
            ("http://127.0.0.2/", true),
            ("http://[::1]:11434/v1", true),
            ("https://localhost.example.com/", false),
            ("http://192.168.0.1/", false),
        ] {
            assert_eq!(is_this_machine(&Url::parse(address).expect("well formed")), expect, "{address}");
        }
    }
}
