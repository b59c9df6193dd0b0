//! The service over HTTP: carries requests to [`Service`] and its answers back, and describes itself as OpenAPI.
//!
//! Business rules do not live here, and neither do status codes of problems: those stand in `contract::problem`.
//! Every error that leaves is a problem document; a route cannot be added without its documentation.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;

use crate::ports::{Clock, Ids};
use crate::service::Service;

mod endpoints;

mod api_router;
mod openapi;
mod stack;

mod cache_control;
mod json_body;
mod json_faults;
mod json_objects;
mod path_params;
mod query_params;
mod reply;

mod middleware;

#[cfg(test)]
mod testing;

/// What the HTTP side of a service can be told.
#[derive(Debug)]
pub struct HttpSettings {
    /// The largest body that is read, in bytes.
    pub body_limit: usize,
    /// The time one request may take.
    pub deadline: Duration,
    /// Who may ask.
    pub auth: Auth,
    /// What `/metrics` shows.
    pub exposition: Exposition,
    /// Whether `/metrics` is open to whoever reaches the service; if not, it asks for the key.
    pub public_metrics: bool,
}

/// Writes what the process has counted and timed, in the text format of Prometheus.
#[derive(Clone)]
pub struct Exposition(Arc<dyn Fn() -> String + Send + Sync>);

impl Exposition {
    /// This function writes it.
    pub fn new(write: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    /// As of now.
    fn text(&self) -> String {
        (self.0)()
    }
}

impl fmt::Debug for Exposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exposition")
    }
}

/// Who may ask.
#[derive(Debug)]
pub enum Auth {
    /// Everyone who calls this machine by a loopback name.
    Off,
    /// Whoever holds this key.
    AdminKey(SecretString),
}

/// The whole service as a router.
pub fn router(service: Arc<Service>, ids: Arc<dyn Ids>, clock: Arc<dyn Clock>, settings: HttpSettings) -> axum::Router {
    let HttpSettings { body_limit, deadline, auth, exposition, public_metrics } = settings;
    let state = endpoints::HttpState { service, body_limit: json_body::BodyLimit(body_limit), deadline, exposition };
    stack::assemble(endpoints::api(), state, stack::Rules { ids, clock, deadline, auth, public_metrics })
}

/// The OpenAPI 3.1 document of the service.
pub fn openapi() -> Value {
    openapi::document(&endpoints::api().operations())
}

/// Every method and path that is served, in the order of the document.
pub fn operations() -> Vec<(&'static str, &'static str)> {
    endpoints::api().operations().iter().map(|operation| (operation.verb.as_str(), operation.path)).collect()
}
