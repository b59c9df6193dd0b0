//! `bulletsmith config`: what is in force, and whether everything it names can be used.

use super::printer::Printer;
use super::session::Session;
use super::stop::{Exit, Stop};
use crate::app::{App, Tape};
use crate::config::{Config, JudgeBy, ModelServer, Provider};
use crate::contract::problem::Code;
use crate::domain::request::ModelId;
use crate::service::{Caller, Examined, Probe, Unusable};

/// Show or check the configuration
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Print what is in force as TOML, without secrets
    Show,
    /// Load everything the configuration names, and say what was found
    Check {
        /// Ask every model of the chain one small question (key, name, schema and price), and try every judge on 24 pairs; costs some tokens
        #[arg(long)]
        live: bool,
    },
}

pub(super) async fn run(command: &Command, session: &Session<'_>) -> Result<Exit, Stop> {
    session.refuse_server("config")?;
    let printer = session.printer();
    match command {
        &Command::Check { live } => return check(live, session, printer).await,
        Command::Show => printer.data(&session.config()?.to_toml().map_err(|error| Stop::Form(error.into()))?)?,
    }
    Ok(Exit::Done)
}

async fn check(live: bool, session: &Session<'_>, printer: &Printer) -> Result<Exit, Stop> {
    let (config, app) = session.app(&Tape::Off)?;
    config.check_exposure()?;
    let guides: Vec<_> = app.service.guides().iter().map(|guide| guide.id()).collect();
    let prompts: Vec<_> = app.service.prompts().iter().map(|prompt| prompt.prompt_ref().to_string()).collect();
    let models: Vec<_> = app.models.iter().map(ToString::to_string).collect();
    let chain = if models.is_empty() { "empty; the rules engine writes".to_owned() } else { models.join(", ") };
    let auth = if config.admin_key.is_some() { "callers need a key" } else { "no key, loopback only" };
    printer.data(&format!("ok server   {} ({auth})", config.address))?;
    printer.data(&format!("ok guides   {}", guides.join(", ")))?;
    printer.data(&format!("ok prompts  {}", prompts.join(", ")))?;
    printer.data(&format!("ok chain    {chain}"))?;
    printer.data(&format!("ok judge    {}", judge_of(&config)))?;
    printer.data(&format!("ok ledger   {}", config.ledger))?;
    for notice in &app.notices {
        printer.note(notice);
    }
    for (model, constraints) in &app.enforced_here {
        printer.note(&format!("note: the provider of {model} does not enforce these, bulletsmith does: {}", constraints.join("; ")));
    }
    if live { ask(&config, &app, printer).await } else { Ok(Exit::Done) }
}

/// Who judges, in words.
fn judge_of(config: &Config) -> String {
    match &config.judge.by {
        JudgeBy::Same => "the model that wrote".to_owned(),
        JudgeBy::Nobody => "nobody; lines that code cannot settle are proposed to their writer".to_owned(),
        JudgeBy::Model(entry) => entry.model.to_string(),
    }
}

/// One line a model, the good ones and the bad ones alike.
async fn ask(config: &Config, app: &App, printer: &Printer) -> Result<Exit, Stop> {
    if config.chain.is_empty() {
        printer.note("note: no model is configured, so there is none to ask");
    }
    let mut exit = Exit::Done;
    for Probe { model, result } in app.service.probe("local", config.deadline).await.map_err(Stop::problem)? {
        match result {
            Ok(found) => {
                let key = server(config, &model).and_then(|server| server.api_key.as_ref()).map_or("", |_| "key accepted, ");
                printer.data(&format!("ok model    {model}: {key}{found}"))?;
            }
            Err(Unusable { code, sentence }) => {
                let advice = server(config, &model).map(|server| advice(&model, server, code)).unwrap_or_default();
                printer.data(&format!("bad model   {sentence}{advice}"))?;
                exit = Exit::Ours;
            }
        }
    }
    Ok(exit.max(judges(config, app, printer).await?))
}

/// One line a judge. One that earns no trust is a fact to know, and no fault: the product goes on without it.
async fn judges(config: &Config, app: &App, printer: &Printer) -> Result<Exit, Stop> {
    let caller = Caller { tenant: "local".to_owned() };
    let examined = match Box::pin(app.service.examine_judges(None, &caller, config.deadline)).await {
        Ok(examined) => examined,
        Err(problem) => {
            printer.data(&format!("bad judge   {}", problem.detail))?;
            return Ok(Exit::Ours);
        }
    };
    for judge in examined {
        let (right, of) = judge.right();
        let (word, trusted) = if judge.is_passed { ("ok", "trusted") } else { ("no", "not trusted, so it judges nothing") };
        let Examined { model, prompt_ref, cost_usd, .. } = judge;
        printer.data(&format!("{word} judge    {model}: right about {right} of {of} pairs by {prompt_ref}, {trusted} ({cost_usd} USD)"))?;
    }
    Ok(Exit::Done)
}

/// The server of this model, unless its replies are recorded.
fn server<'a>(config: &'a Config, model: &ModelId) -> Option<&'a ModelServer> {
    match &config.chain.iter().find(|entry| entry.model == *model)?.provider {
        Provider::Server(server) => Some(server),
        Provider::Replay { .. } => None,
    }
}

/// Where in the configuration to look; the service knows nothing of it.
fn advice(model: &ModelId, server: &ModelServer, code: Code) -> String {
    let name = model.provider();
    match (code, &server.api_key_env) {
        (Code::ProviderAuth, Some(variable)) => format!("; it is read from {variable}"),
        (Code::ProviderAuth, None) => format!("; name the variable that holds it as `api_key_env` under [providers.{name}]"),
        (Code::ProviderUnreachable | Code::ProviderBadReply, _) => format!("; providers.{name}.base_url is {}", server.base_url.as_str()),
        _ => String::new(),
    }
}
