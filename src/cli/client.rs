//! The HTTP client behind `--server`: sends the published requests and reads the published answers.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Certificate, RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::BaseUrl;
use crate::contract::problem::Problem;

use super::stop::Stop;

/// Longer than the deadline of any service we know of, also of one that gives a slow local model time, so that its own answer arrives.
const TIMEOUT: Duration = Duration::from_mins(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const LARGEST_ANSWER: usize = 64 << 20;

/// A service that answers in place of this process.
#[derive(Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    base: BaseUrl,
    key: Option<SecretString>,
}

/// Why a service cannot be called.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    /// What names it is not a URL.
    #[error("the URL of the service {reason}")]
    Url { reason: String },
    /// The key cannot stand in a header.
    #[error("BULLETSMITH_API_KEY holds a character that no key has")]
    Key,
    /// No client can be made here.
    #[error("could not make an HTTP client")]
    Build(#[source] reqwest::Error),
    /// No answer.
    #[error("could not reach {url}")]
    Unreachable { url: String, source: reqwest::Error },
    /// An answer that is not one of ours.
    #[error("{url} does not answer like bulletsmith (status {status}); check --server")]
    Foreign { url: String, status: u16 },
}

impl Client {
    /// A client of the service at this URL.
    pub(super) fn new(url: &str, key: Option<SecretString>) -> Result<Self, ClientError> {
        let base = BaseUrl::parse(url).map_err(|reason| ClientError::Url { reason })?;
        Ok(Self { http: http(TIMEOUT)?, base, key })
    }

    /// Reads something.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Stop> {
        let url = self.url(path);
        self.send(self.http.get(&url), url).await
    }

    /// Sends an order.
    pub(super) async fn post<B: Serialize, T: DeserializeOwned>(&self, path: &str, order: &B) -> Result<T, Stop> {
        let url = self.url(path);
        let body = serde_json::to_vec(order).map_err(|error| Stop::Form(error.into()))?;
        self.send(self.http.post(&url).header(CONTENT_TYPE, "application/json").body(body), url).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str())
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder, url: String) -> Result<T, Stop> {
        let mut request = request.header(ACCEPT, "application/json");
        if let Some(key) = &self.key {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).map_err(|_| ClientError::Key)?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let response = request.send().await.map_err(|source| unreachable(&url, source))?;
        let status = response.status();
        let body = read(response, &url).await?;
        let foreign = || ClientError::Foreign { url: url.clone(), status: status.as_u16() };
        if status.is_success() {
            return Ok(serde_json::from_slice(&body).map_err(|_| foreign())?);
        }
        let problem: Problem = serde_json::from_slice(&body).map_err(|_| foreign())?;
        // The status of the wire counts, whatever the body says.
        Err(Stop::problem(Problem { status: status.as_u16(), ..problem }))
    }
}

/// Asks for a page and gives its status.
pub(super) async fn status(url: &str, timeout: Duration) -> Result<u16, ClientError> {
    BaseUrl::parse(url).map_err(|reason| ClientError::Url { reason })?;
    let response = http(timeout)?.get(url).send().await.map_err(|source| unreachable(url, source))?;
    Ok(response.status().as_u16())
}

async fn read(mut response: Response, url: &str) -> Result<Vec<u8>, ClientError> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|source| unreachable(url, source))? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_ANSWER {
            return Err(ClientError::Foreign { url: url.to_owned(), status });
        }
    }
    Ok(body)
}

/// The URL stands in our own words already.
fn unreachable(url: &str, source: reqwest::Error) -> ClientError {
    ClientError::Unreachable { url: url.to_owned(), source: source.without_url() }
}

/// The roots are baked in beside those of the system: a small container has none.
fn http(timeout: Duration) -> Result<reqwest::Client, ClientError> {
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|der| Certificate::from_der(der).ok());
    reqwest::Client::builder()
        .user_agent(concat!("bulletsmith/", env!("CARGO_PKG_VERSION")))
        .tls_certs_merge(roots)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(timeout)
        .build()
        .map_err(ClientError::Build)
}
