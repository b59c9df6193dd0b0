//! The whole service behind its router, in this process, with stubs at its ports.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use bulletsmith::adapters::cache::none::NoLeases;
use bulletsmith::adapters::clock::UuidIds;
use bulletsmith::config::{self, Config, Environment};
use bulletsmith::domain::guide::Guides;
use bulletsmith::domain::lexicon::Lexicon;
use bulletsmith::domain::prompt::PromptLibrary;
use bulletsmith::http::{self, Auth, Exposition, HttpSettings};
use bulletsmith::ports::{ChatModel, Clock, Ids, Leases, ReplyCache};
use bulletsmith::service::{Caching, CallLimits, Judging, Link, Parts, Service, Spending, Tariff};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{ManualClock, PROMPT, SeenCache, StubLedger, VirtualClock};

/// The longest time one request may take, on the manual clock.
const DEADLINE: Duration = Duration::from_mins(1);

/// How long a reply is used without asking a model.
pub(crate) const FRESH: Duration = Duration::from_hours(24);

/// How long after that it may serve when no model answers.
pub(crate) const STALE: Duration = Duration::from_hours(24);

/// What is baked in, read once for all tests.
struct Knowledge {
    config: Config,
    lexicon: Arc<Lexicon>,
    guides: Guides,
    prompts: PromptLibrary,
}

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    let config = Config::load(None, &Environment::default()).expect("the default file is sound");
    let lexicon = Arc::new(config::lexicon().expect("the word lists are sound"));
    let guides = config::guides(&config, &lexicon).expect("the guides are sound");
    let prompts = config::prompts(&config).expect("the prompts are sound");
    Knowledge { config, lexicon, guides, prompts }
});

/// What a service is made of, where the tests differ.
#[derive(Default)]
pub(crate) struct Setup<C = ManualClock> {
    /// The models, in order.
    pub(crate) chain: Vec<Link>,
    /// Time.
    pub(crate) clock: Arc<C>,
    /// The account.
    pub(crate) ledger: Arc<StubLedger>,
    /// Who may spend how much.
    pub(crate) spending: Spending,
    /// How often, how long and how many at a time models are asked.
    pub(crate) limits: CallLimits,
    /// The key of the service.
    pub(crate) key: Option<&'static str>,
    /// Keeps replies, in place of a memory of its own.
    pub(crate) replies: Option<Arc<dyn ReplyCache>>,
    /// Lets one replica ask; without it there is but one.
    pub(crate) leases: Option<Arc<dyn Leases>>,
    /// Whether tenants share replies.
    pub(crate) shares: bool,
    /// Who judges; nobody, unless a test wants it.
    pub(crate) judging: Judging,
}

impl Setup {
    /// Models that cost nothing.
    pub(crate) fn free(models: Vec<Arc<dyn ChatModel>>) -> Self {
        Self { chain: models.into_iter().map(|model| Link { model, tariff: Tariff::Free }).collect(), ..Self::default() }
    }
}

impl Setup<VirtualClock> {
    /// Models that cost nothing, in time that stands still while anybody works.
    pub(crate) fn timed(models: Vec<Arc<dyn ChatModel>>, clock: &Arc<VirtualClock>, limits: CallLimits) -> Self {
        Self { chain: Setup::free(models).chain, clock: Arc::clone(clock), limits, ..Self::default() }
    }
}

/// The service behind its router.
pub(crate) struct Api<C = ManualClock> {
    router: Router,
    pub(crate) service: Arc<Service>,
    pub(crate) ledger: Arc<StubLedger>,
    pub(crate) cache: Arc<SeenCache>,
    pub(crate) clock: Arc<C>,
}

impl<C: Clock + 'static> Api<C> {
    /// A service with the knowledge that is baked in.
    pub(crate) fn new(setup: Setup<C>) -> Self {
        let Setup { chain, clock, ledger, spending, limits, key, replies, leases, shares, judging } = setup;
        let Knowledge { config, lexicon, guides, prompts } = &*KNOWLEDGE;
        let ids: Arc<dyn Ids> = Arc::new(UuidIds);
        let cache = Arc::new(SeenCache::default());
        let service = Arc::new(Service::new(Parts {
            guides: guides.clone(),
            prompts: prompts.clone(),
            lexicon: Arc::clone(lexicon),
            chain,
            cache: Caching {
                replies: replies.unwrap_or_else(|| Arc::clone(&cache) as _),
                leases: leases.unwrap_or_else(|| Arc::new(NoLeases)),
                fresh_for: FRESH,
                stale_for: STALE,
                recall: 4 << 20,
                is_shared: shares,
            },
            ledger: Arc::clone(&ledger) as _,
            usage: Arc::clone(&ledger) as _,
            trials: Arc::clone(&ledger) as _,
            judging,
            spending,
            clock: Arc::clone(&clock) as _,
            ids: Arc::clone(&ids),
            concurrency: 4,
            limits,
        }));
        let auth = key.map_or(Auth::Off, |key| Auth::AdminKey(key.into()));
        let settings = HttpSettings {
            body_limit: config.body_limit,
            deadline: DEADLINE,
            auth,
            exposition: Exposition::new(String::new),
            public_metrics: true,
        };
        let router = http::router(Arc::clone(&service), ids, Arc::clone(&clock) as _, settings);
        Self { router, service, ledger, cache, clock }
    }

    /// Sends a request as it stands.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("a router is infallible");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body in memory");
        Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_vec() }
    }

    /// Sends JSON.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = request("POST", path, &[("content-type", "application/json")], body.to_string());
        self.send(request).await
    }

    /// Asks for rewrites; the order names the prompt unless it does already.
    pub(crate) async fn rewrite(&self, mut order: Value) -> Answer {
        if order.get("prompt").is_none() {
            order["prompt"] = PROMPT.into();
        }
        self.post("/v1/rewrites", &order).await
    }

    /// The result of one bullet, whose rewrite must succeed.
    pub(crate) async fn rewrite_one(&self, bullet: &str, engine: &str) -> Value {
        let answer = self.rewrite(json!({"bullets": [bullet], "engine": engine})).await;
        assert_eq!(answer.status, 200, "{bullet}: {}", answer.text());
        answer.json()["results"][0].clone()
    }
}

impl Api {
    /// A service without a model.
    pub(crate) fn without_model() -> Self {
        Self::new(Setup::default())
    }

    /// A service with one model that costs nothing.
    pub(crate) fn with(model: Arc<dyn ChatModel>) -> Self {
        Self::new(Setup::free(vec![model]))
    }
}

/// A request from this machine.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "127.0.0.1:8080");
    }
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(body.into()).expect("a request can be made of this")
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The status and the stable word of a problem document.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{problem}");
        assert!(problem["request_id"].is_string(), "{problem}");
        (self.status, problem["code"].as_str().unwrap_or_default().to_owned())
    }
}
