//! `bulletsmith prompt render`: what a model would be sent to rewrite a bullet, or to judge a line, without sending it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::app::Tape;
use crate::cli::matches::Format;
use crate::cli::openapi::pretty;
use crate::cli::session::Session;
use crate::cli::stop::{Exit, Stop};
use crate::contract::rewrite::{BulletInput, BulletObject, RewriteRequest};
use crate::domain::request::{Message, ModelRequest};
use crate::service::Preview;

/// Print what a model would be sent to rewrite a bullet, or to judge a rewrite of it, without sending it
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The bullet
    #[arg(value_name = "TEXT")]
    text: String,
    /// Facts about it
    #[arg(long, value_name = "TEXT")]
    facts: Option<String>,
    /// A rewrite of it, for the prompt of a judge
    #[arg(long, value_name = "TEXT")]
    rewrite: Option<String>,
    /// The prompt version, as name@N or name; `rewrite` when absent, or `judge` with --rewrite
    #[arg(long, value_name = "PROMPT")]
    prompt: Option<String>,
    /// Id of the skill; matched when absent
    #[arg(long, value_name = "ID")]
    skill: Option<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: Args, session: &Session<'_>) -> Result<Exit, Stop> {
    let Args { text, facts, rewrite, prompt, skill, format } = args;
    session.refuse_server("prompt render")?;
    let (_, app) = session.app(&Tape::Off)?;
    if let Some(rewrite) = rewrite {
        let preview = app.service.preview_judge(prompt.as_deref().unwrap_or("judge"), &text, facts.as_deref(), &rewrite);
        return print(&[preview.map_err(Stop::problem)?], format, session);
    }
    let bullets = vec![BulletInput::Full(BulletObject { text, facts: None, skill })];
    let previews = app.service.preview(RewriteRequest { bullets, facts, prompt, ..RewriteRequest::default() }).map_err(Stop::problem)?;
    print(&previews, format, session)
}

fn print(previews: &[Preview], format: Format, session: &Session<'_>) -> Result<Exit, Stop> {
    for preview in previews {
        session.printer().data(&if format == Format::Json { pretty(&json_of(preview))? } else { text_of(preview) })?;
    }
    Ok(Exit::Done)
}

fn json_of(preview: &Preview) -> Value {
    let Preview { prompt_ref, skill, request } = preview;
    let ModelRequest { messages, schema_name, schema, max_output_tokens } = request;
    let message = |Message { speaker, content }: &Message| json!({"role": speaker.as_str(), "content": content});
    json!({
        "prompt": prompt_ref.to_string(),
        "skill": skill,
        "request_hash": request.hash().as_str(),
        "messages": messages.iter().map(message).collect::<Vec<_>>(),
        "schema_name": schema_name,
        "schema": schema,
        "max_output_tokens": max_output_tokens,
    })
}

fn text_of(preview: &Preview) -> String {
    let Preview { prompt_ref, skill, request } = preview;
    let skill = skill.as_deref().unwrap_or("none; the general card");
    let mut text = format!("prompt   {prompt_ref}\nskill    {skill}\nrequest  {}\n", request.hash());
    for Message { speaker, content } in &request.messages {
        let _ = write!(text, "\n--- {}\n{content}\n", speaker.as_str());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::request::Speaker;

    #[test]
    fn a_preview_names_the_version_and_the_hash_that_a_recording_is_found_by() {
        let messages = vec![Message { speaker: Speaker::System, content: "Rules.".to_owned() }];
        let request = ModelRequest { messages, schema_name: "draft", schema: json!({}), max_output_tokens: 9 };
        let hash = request.hash().to_string();
        let preview = Preview { prompt_ref: "rewrite@1".parse().expect("a version"), skill: None, request };
        let text = text_of(&preview).replace(&hash, "HASH");
        insta::assert_snapshot!(text, @"
        prompt   rewrite@1
        skill    none; the general card
        request  HASH

        --- system
        Rules.
        ");
        let told = json_of(&preview);
        assert_eq!((told.get("request_hash"), told.pointer("/messages/0/role")), (Some(&json!(hash)), Some(&json!("system"))));
    }
}
