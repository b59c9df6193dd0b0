//! Who answers a command: the service in this process, or one behind a URL; the commands cannot tell which.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::client::Client;
use super::stop::Stop;
use crate::app::{self, App};
use crate::config::Config;
use crate::contract::check::{CheckAnswer, CheckRequest};
use crate::contract::fill::{FillAnswer, FillRequest};
use crate::contract::guides::{GuideAnswer, GuideList, GuideSummary, SkillAnswer};
use crate::contract::matches::{MatchAnswer, MatchRequest};
use crate::contract::problem::{Code, Problem};
use crate::contract::prompts::{PromptList, PromptSummary, PromptText};
use crate::contract::rewrite::{RewriteAnswer, RewriteRequest};
use crate::contract::usage::{UsageAnswer, UsageRequest};
use crate::domain::prompt::PromptRef;
use crate::service::{Caller, JudgeState, Service};

/// Who answers.
#[derive(Debug)]
pub(super) enum Desk {
    /// This process.
    Local {
        /// The product.
        service: Arc<Service>,
        /// The longest time one request may take.
        deadline: Duration,
        /// How long calls in flight may go on at the end.
        drain: Duration,
    },
    /// A service.
    Remote(Client),
}

impl Desk {
    /// This process.
    pub(super) fn local(config: &Config, app: &App) -> Self {
        Self::Local { service: Arc::clone(&app.service), deadline: config.deadline, drain: config.drain }
    }

    /// Rewrites bullets.
    pub(super) async fn rewrite(&self, request: RewriteRequest) -> Result<RewriteAnswer, Stop> {
        match self {
            Self::Local { service, deadline, .. } => Box::pin(service.rewrite(request, &local(), *deadline)).await.map_err(Stop::problem),
            Self::Remote(client) => client.post("/v1/rewrites", &request).await,
        }
    }

    /// What there is to say of judges that were tried in this process and are not trusted.
    pub(super) fn warnings(&self) -> Vec<String> {
        match self {
            Self::Local { service, .. } => service.judges().iter().filter_map(JudgeState::warning).collect(),
            // A service tells its operator.
            Self::Remote(_) => Vec::new(),
        }
    }

    /// Waits for calls to a model that are billed although nobody waits for their answers.
    pub(super) async fn settle(&self) {
        match self {
            Self::Local { service, drain, .. } => {
                service.settle(*drain).await;
            }
            Self::Remote(_) => {}
        }
    }

    /// Judges a bullet.
    pub(super) async fn check(&self, request: CheckRequest) -> Result<CheckAnswer, Stop> {
        match self {
            Self::Local { service, deadline, .. } if request.judge == Some(true) => {
                Box::pin(service.check_and_judge(request, &local(), *deadline)).await.map_err(Stop::problem)
            }
            Self::Local { service, .. } => service.check(request).map_err(Stop::problem),
            Self::Remote(client) => client.post("/v1/checks", &request).await,
        }
    }

    /// Fills slots.
    pub(super) async fn fill(&self, request: FillRequest) -> Result<FillAnswer, Stop> {
        match self {
            Self::Local { service, .. } => service.fill(request).map_err(Stop::problem),
            Self::Remote(client) => client.post("/v1/fills", &request).await,
        }
    }

    /// Picks skills.
    pub(super) async fn matches(&self, request: MatchRequest) -> Result<MatchAnswer, Stop> {
        match self {
            Self::Local { service, .. } => service.matches(request).map_err(Stop::problem),
            Self::Remote(client) => client.post("/v1/matches", &request).await,
        }
    }

    /// All guides, in short.
    pub(super) async fn guides(&self) -> Result<GuideList, Stop> {
        match self {
            Self::Local { service, .. } => {
                Ok(GuideList { guides: service.guides().iter().map(|guide| GuideSummary::from(guide.file())).collect() })
            }
            Self::Remote(client) => client.get("/v1/guides").await,
        }
    }

    /// One guide, whole.
    pub(super) async fn guide(&self, id: &str) -> Result<GuideAnswer, Stop> {
        match self {
            Self::Local { service, .. } => match service.guides().get(id) {
                Some(guide) => Ok(guide.file().clone()),
                None => Err(not_found(&format!("there is no guide `{id}`; `bulletsmith guide list` shows those that exist"))),
            },
            Self::Remote(client) => client.get(&format!("/v1/guides/{}", segment(id)?)).await,
        }
    }

    /// One skill, whole.
    pub(super) async fn skill(&self, guide: &str, id: &str) -> Result<SkillAnswer, Stop> {
        match self {
            Self::Local { service, .. } => match service.guides().get(guide).and_then(|guide| guide.skill(id)) {
                Some(skill) => Ok(skill.clone()),
                None => Err(not_found(&format!("there is no skill `{id}` in guide `{guide}`; `bulletsmith guide show` lists them"))),
            },
            Self::Remote(client) => client.get(&format!("/v1/guides/{}/skills/{}", segment(guide)?, segment(id)?)).await,
        }
    }

    /// All prompt versions.
    pub(super) async fn prompts(&self) -> Result<PromptList, Stop> {
        match self {
            Self::Local { service, .. } => Ok(PromptList { prompts: service.prompts().iter().map(PromptSummary::from).collect() }),
            Self::Remote(client) => client.get("/v1/prompts").await,
        }
    }

    /// One prompt version with its text.
    pub(super) async fn prompt(&self, prompt_ref: &PromptRef) -> Result<PromptText, Stop> {
        match self {
            Self::Local { service, .. } => {
                let prompt = service.prompts().resolve(&prompt_ref.to_string()).map_err(|error| not_found(&error.to_string()))?;
                Ok(prompt.as_ref().into())
            }
            Self::Remote(client) => client.get(&format!("/v1/prompts/{}/{}", prompt_ref.name(), prompt_ref.version())).await,
        }
    }

    /// What was used.
    pub(super) async fn usage(&self, request: UsageRequest) -> Result<UsageAnswer, Stop> {
        match self {
            Self::Local { service, .. } => service.usage(request).await.map_err(Stop::problem),
            Self::Remote(client) => client.get(&format!("/v1/usage{}", query(&request))).await,
        }
    }

    /// The document that describes the HTTP interface.
    pub(super) async fn openapi(client: Option<&Client>) -> Result<Value, Stop> {
        match client {
            None => Ok(app::openapi()),
            Some(client) => client.get("/openapi.json").await,
        }
    }
}

/// Who works at this machine.
fn local() -> Caller {
    Caller { tenant: "local".to_owned() }
}

fn not_found(detail: &str) -> Stop {
    Stop::problem(Problem::new(Code::NotFound, detail))
}

/// What is asked for, in a URL. Days and the words to group by were read already, so each is made of characters that stand in a query as they are.
fn query(request: &UsageRequest) -> String {
    let UsageRequest { from, to, group_by } = request;
    let given = [("from", from), ("to", to), ("group_by", group_by)].into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let given: Vec<String> = given.map(|(name, value)| format!("{name}={value}")).collect();
    if given.is_empty() { String::new() } else { format!("?{}", given.join("&")) }
}

/// An id that can stand in a path as it is.
fn segment(id: &str) -> Result<&str, Stop> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if id.is_empty() || !id.chars().all(good) {
        return Err(Stop::usage(format!("`{id}` is not an id; ids are made of a-z, 0-9 and hyphens")));
    }
    Ok(id)
}
