//! The service over HTTP: carries requests to [`Service`] and its answers back, and describes itself as OpenAPI.
//!
//! Business rules do not live here, and neither do status codes of problems: those stand in `contract::problem`.
//! Every error that leaves is a problem document; a route cannot be added without its documentation.

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

mod json_body;
mod json_faults;
mod json_objects;
mod path_params;
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
    let HttpSettings { body_limit, deadline, auth } = settings;
    let state = endpoints::HttpState { service, body_limit: json_body::BodyLimit(body_limit), deadline };
    stack::assemble(endpoints::api(), state, stack::Rules { ids, clock, deadline, auth })
}

/// The OpenAPI 3.1 document of the service.
pub fn openapi() -> Value {
    openapi::document(&endpoints::api().operations())
}

/// Every method and path that is served, in the order of the document.
pub fn operations() -> Vec<(&'static str, &'static str)> {
    endpoints::api().operations().iter().map(|operation| (operation.verb.as_str(), operation.path)).collect()
}
