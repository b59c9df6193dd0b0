//! `bulletsmith prompt`: the prompt versions, what they render to, and how one is frozen.

mod release;
mod render;

use std::fmt::Write as _;
use std::path::PathBuf;

use super::matches::Format;
use super::openapi::pretty;
use super::session::Session;
use super::stop::{Exit, Stop};
use crate::config;
use crate::contract::prompts::PromptText;
use crate::domain::prompt::PromptRef;

/// Show, render, check or freeze prompt versions
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the prompt versions
    List {
        /// How the answer is written
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Show one prompt version with its templates
    Show {
        /// The version, such as rewrite@1
        #[arg(value_name = "NAME@N")]
        prompt: PromptRef,
        /// How the answer is written
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    Render(render::Args),
    /// Check the prompt versions of a folder, or those in force
    Lint {
        /// The folder
        #[arg(value_name = "DIR")]
        dir: Option<PathBuf>,
    },
    Release(release::Args),
}

pub(super) async fn run(command: Command, session: &Session<'_>) -> Result<Exit, Stop> {
    match command {
        Command::List { format } => list(format, session).await,
        Command::Show { prompt, format } => {
            let prompt = session.desk()?.prompt(&prompt).await?;
            session.printer().data(&if format == Format::Json { pretty(&prompt)? } else { text_of(&prompt) })?;
            Ok(Exit::Done)
        }
        Command::Render(args) => render::run(args, session),
        Command::Lint { dir } => lint(dir, session),
        Command::Release(args) => release::run(&args, session),
    }
}

async fn list(format: Format, session: &Session<'_>) -> Result<Exit, Stop> {
    let list = session.desk()?.prompts().await?;
    if format == Format::Json {
        session.printer().data(&pretty(&list)?)?;
        return Ok(Exit::Done);
    }
    for prompt in &list.prompts {
        let state = if prompt.released { "released" } else { "draft" };
        session.printer().data(&format!("{:<12} {state:<8} {:.12}  {}", prompt.prompt, prompt.sha256, prompt.changelog))?;
    }
    Ok(Exit::Done)
}

fn lint(dir: Option<PathBuf>, session: &Session<'_>) -> Result<Exit, Stop> {
    session.refuse_server("prompt lint")?;
    let library = match dir {
        Some(dir) => config::parse_prompts(&dir.display().to_string(), &config::read_folder(&dir)?.into_iter().collect())?,
        None => config::prompts(&session.config()?)?,
    };
    if library.iter().next().is_none() {
        return Err(Stop::usage("there is no prompt version here; a version is a folder NAME/vN"));
    }
    for prompt in library.iter() {
        session.printer().data(&format!("ok {}", prompt.prompt_ref()))?;
    }
    Ok(Exit::Done)
}

fn text_of(prompt: &PromptText) -> String {
    let PromptText { summary, variables, max_output_tokens, system, user, group } = prompt;
    let state = if summary.released { "released" } else { "draft" };
    let mut text = format!(
        "{} ({state})\nkind       {}\nsha256     {}\nchanged    {}\nvariables  {}\nanswer     at most {max_output_tokens} tokens\n",
        summary.prompt,
        summary.kind,
        summary.sha256,
        summary.changelog,
        variables.join(", "),
    );
    let group = group.iter().flat_map(|group| [("group_system.j2", &group.system), ("group_user.j2", &group.user)]);
    for (file, template) in [("system.j2", system), ("user.j2", user)].into_iter().chain(group) {
        let _ = write!(text, "\n--- {file}\n{}\n", template.trim_end());
    }
    text
}
