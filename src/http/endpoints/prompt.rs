//! `GET /v1/prompts/{name}/{version}`: one prompt version with its text.

use axum::extract::State;

use super::HttpState;
use crate::contract::problem::Code;
use crate::contract::prompts::PromptText;
use crate::domain::prompt::{Prompt, PromptLibrary};
use crate::http::api_router::{Access, Answer, JSON, Operation, Parameter, Tag, Verb, schema_of};
use crate::http::path_params::PathParams;
use crate::http::reply::{JsonReply, ProblemReply};

pub(super) const DOC: Operation = Operation {
    verb: Verb::Get,
    path: "/v1/prompts/{name}/{version}",
    id: "getPrompt",
    summary: "One prompt version with its text",
    tag: Tag::Prompts,
    access: Access::Admin,
    parameters: &[
        Parameter { name: "name", description: "Name of the prompt", schema: schema_of::<String>() },
        Parameter { name: "version", description: "Its version, from 1", schema: schema_of::<u32>() },
    ],
    query: &[],
    request: None,
    answers: &[Answer { status: 200, media: JSON, description: "The prompt version", schema: schema_of::<PromptText>(), headers: &[] }],
    problems: &[],
};

pub(super) async fn show(
    State(http): State<HttpState>,
    PathParams((name, version)): PathParams<(String, u32)>,
) -> Result<JsonReply<PromptText>, ProblemReply> {
    let no_such_prompt = || ProblemReply::new(Code::NotFound, "There is no such prompt version; GET /v1/prompts lists those that exist");
    find(http.service.prompts(), &name, version).map(|prompt| JsonReply(PromptText::from(prompt))).ok_or_else(no_such_prompt)
}

fn find<'a>(prompts: &'a PromptLibrary, name: &str, version: u32) -> Option<&'a Prompt> {
    prompts.iter().find(|prompt| prompt.prompt_ref().name() == name && prompt.prompt_ref().version() == version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::prompt::PromptFiles;

    fn library() -> PromptLibrary {
        let manifest = "changelog = \"First\"\nmax_output_tokens = 9\nvariables = [\"user.bullet\", \"max_chars\"]\n";
        let file = |name: &str, text: &str| (format!("rewrite/v1/{name}"), text.to_owned());
        let files =
            [file("prompt.toml", manifest), file("system.j2", "At most {{ max_chars }}."), file("user.j2", "{{ user.bullet | data }}")];
        PromptLibrary::load(&PromptFiles::from(files)).unwrap()
    }

    #[test]
    fn a_version_is_found_by_name_and_number_and_shown_whole() {
        let library = library();
        let shown = serde_json::to_value(PromptText::from(find(&library, "rewrite", 1).unwrap())).unwrap();
        assert_eq!((&shown["prompt"], &shown["version"]), (&"rewrite@1".into(), &1.into()));
        assert_eq!((&shown["released"], &shown["changelog"]), (&false.into(), &"First".into()));
        assert_eq!(shown["system"], "At most {{ max_chars }}.");
        assert!(find(&library, "rewrite", 2).is_none() && find(&library, "other", 1).is_none());
    }
}
