//! A router whose routes can only be added together with their documentation, so that nothing undocumented is served.

use std::collections::BTreeMap;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::contract::problem::Code;

/// What the document says of one route. Every field is needed: leaving one out does not compile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation {
    pub(super) verb: Verb,
    /// With `{name}` for its variable parts.
    pub(super) path: &'static str,
    /// The name that generated clients give it.
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) tag: Tag,
    pub(super) access: Access,
    /// One for each variable part of the path, in its order.
    pub(super) parameters: &'static [Parameter],
    /// What may stand in the query of the URL; nothing of it must.
    pub(super) query: &'static [Parameter],
    pub(super) request: Option<SchemaOf>,
    pub(super) answers: &'static [Answer],
    /// The problems of its own; those that come with its kind are added by [`Operation::problems_by_status`].
    pub(super) problems: &'static [Code],
}

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
}

/// Groups of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Bullets,
    Guides,
    Prompts,
    Usage,
    Service,
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Public,
    /// Public, unless the operator has closed it.
    Metrics,
    Rewrite,
    Usage,
    Admin,
}

/// A variable part of a path, or a part of its query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) schema: SchemaOf,
}

/// One way in which an operation succeeds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) media: &'static str,
    pub(super) description: &'static str,
    pub(super) schema: SchemaOf,
    /// Its headers, beside those that every answer has.
    pub(super) headers: &'static [&'static str],
}

/// The media type of all answers but few.
pub(super) const JSON: &str = "application/json";
/// That of tables.
pub(super) const CSV: &str = "text/csv; charset=utf-8";

/// Where the schema of a type comes from.
pub(super) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// The schema of this type.
pub(super) const fn schema_of<T: JsonSchema>() -> SchemaOf {
    |generator| generator.subschema_for::<T>()
}

impl Verb {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }

    const fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
        }
    }
}

impl Tag {
    pub(super) const ALL: [Self; 5] = [Self::Bullets, Self::Guides, Self::Prompts, Self::Usage, Self::Service];

    /// Name and meaning.
    pub(super) const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Bullets => ("bullets", "Rewrite, check, fill and match bullets"),
            Self::Guides => ("guides", "The guides: what employers look for, skill by skill"),
            Self::Prompts => ("prompts", "The prompt versions that models are asked with"),
            Self::Usage => ("usage", "What was used, what it cost, and what is left of the budgets"),
            Self::Service => ("service", "The service itself"),
        }
    }
}

impl Operation {
    /// What it offers, best first.
    pub(super) fn offers(&self) -> Vec<&'static str> {
        let mut offers: Vec<_> = self.answers.iter().map(|answer| answer.media).collect();
        offers.dedup();
        offers
    }

    /// Whether a client is asked what it accepts: everywhere but where there is only a form of its own, which nobody asks for by accident.
    pub(super) fn negotiates(&self) -> bool {
        self.answers.iter().any(|answer| answer.media == JSON)
    }

    /// Every problem it can answer with, by status.
    pub(super) fn problems_by_status(&self) -> BTreeMap<u16, Vec<Code>> {
        let mut codes = vec![Code::Forbidden, Code::Internal];
        if self.negotiates() {
            codes.push(Code::NotAcceptable);
        }
        if self.access != Access::Public {
            codes.push(Code::Unauthorized);
        }
        if !self.parameters.is_empty() {
            codes.push(Code::NotFound);
        }
        if !self.query.is_empty() {
            codes.push(Code::InvalidRequest);
        }
        if self.request.is_some() {
            codes.extend([Code::NotJson, Code::BodyTooLarge, Code::UnsupportedMediaType, Code::InvalidRequest]);
        }
        if self.verb == Verb::Post {
            codes.push(Code::DeadlineExceeded);
        }
        codes.extend(self.problems);
        codes.sort_unstable();
        codes.dedup();
        let mut by_status = BTreeMap::<u16, Vec<Code>>::new();
        for code in codes {
            by_status.entry(code.status()).or_default().push(code);
        }
        by_status
    }
}

/// Routes with their documentation.
#[derive(Debug)]
pub(super) struct ApiRouter<S> {
    routes: Vec<(Operation, MethodRouter<S>)>,
}

impl<S: Clone + Send + Sync + 'static> ApiRouter<S> {
    pub(super) const fn new() -> Self {
        Self { routes: Vec::new() }
    }

    /// Adds a route; GET answers HEAD, too.
    pub(super) fn add<H, T>(mut self, operation: Operation, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.routes.push((operation, on(operation.verb.filter(), handler)));
        self
    }

    /// What is served, in the order in which it was added.
    pub(super) fn operations(&self) -> Vec<Operation> {
        self.routes.iter().map(|(operation, _)| *operation).collect()
    }

    /// The routes themselves, each behind its guard.
    pub(super) fn into_router(self, guard: impl Fn(&Operation, MethodRouter<S>) -> MethodRouter<S>) -> Router<S> {
        self.routes.into_iter().fold(Router::new(), |router, (operation, route)| router.route(operation.path, guard(&operation, route)))
    }
}
