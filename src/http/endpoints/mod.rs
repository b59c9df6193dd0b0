//! One file for each operation: its documentation, its handler, its tests.
//!
//! A handler reads the request, asks [`Service`] and writes the answer; it decides nothing else.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;

use super::Exposition;
use super::api_router::ApiRouter;
use super::json_body::BodyLimit;
use crate::service::Service;

mod checks;
mod fills;
mod matches;
mod rewrites;

mod guide;
mod guides;
mod skill;

mod prompt;
mod prompts;

mod usage;

mod healthz;
mod metrics;
mod openapi_json;
mod readyz;

mod cost;
mod threads;

/// What the handlers share.
#[derive(Debug, Clone)]
pub(super) struct HttpState {
    pub(super) service: Arc<Service>,
    pub(super) body_limit: BodyLimit,
    pub(super) deadline: Duration,
    pub(super) exposition: Exposition,
}

impl FromRef<HttpState> for BodyLimit {
    fn from_ref(state: &HttpState) -> Self {
        state.body_limit
    }
}

/// Everything that is served, in the order of the document.
pub(super) fn api() -> ApiRouter<HttpState> {
    ApiRouter::new()
        .add(rewrites::DOC, rewrites::rewrite)
        .add(checks::DOC, checks::check)
        .add(fills::DOC, fills::fill)
        .add(matches::DOC, matches::pick_skills)
        .add(guides::DOC, guides::list)
        .add(guide::DOC, guide::show)
        .add(skill::DOC, skill::show)
        .add(prompts::DOC, prompts::list)
        .add(prompt::DOC, prompt::show)
        .add(usage::DOC, usage::show)
        .add(healthz::DOC, healthz::say_alive)
        .add(readyz::DOC, readyz::say_ready)
        .add(metrics::DOC, metrics::show)
        .add(openapi_json::DOC, openapi_json::show)
}
