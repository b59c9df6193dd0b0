//! `GET /v1/guides`: all guides, in short.

use axum::extract::State;

use super::HttpState;
use crate::contract::guides::{GuideList, GuideSummary, SkillSummary};
use crate::domain::guide::GuideFile;
use crate::http::api_router::{Access, Answer, Operation, Tag, Verb, schema_of};
use crate::http::reply::JsonReply;

pub(super) const DOC: Operation = Operation {
    verb: Verb::Get,
    path: "/v1/guides",
    id: "listGuides",
    summary: "All guides, in short",
    tag: Tag::Guides,
    access: Access::Public,
    parameters: &[],
    request: None,
    answers: &[Answer { status: 200, description: "The guides", schema: schema_of::<GuideList>(), headers: &[] }],
    problems: &[],
};

pub(super) async fn list(State(http): State<HttpState>) -> JsonReply<GuideList> {
    JsonReply(GuideList { guides: http.service.guides().iter().map(|guide| in_short(guide.file())).collect() })
}

fn in_short(guide: &GuideFile) -> GuideSummary {
    let skills = guide.skills.iter().map(|skill| SkillSummary { id: skill.id.clone(), name: skill.name.clone(), tier: skill.tier });
    GuideSummary {
        id: guide.id.clone(),
        title: guide.title.clone(),
        edition: guide.edition.clone(),
        summary: guide.summary.clone(),
        skills: skills.collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_guide_in_short_names_its_skills() {
        let skill = json!({
            "id": "caching", "name": "Caching", "tier": "must-have", "kind": "technical", "employers_test": "", "proof": "",
            "time_to_acquire": "", "weak_cues": [], "strong_cues": [], "keywords": [], "asks": [], "examples": [],
        });
        let guide = json!({
            "id": "backend", "title": "Backend", "edition": "2026", "summary": "What counts", "source": "",
            "general": {"name": "General", "asks": []}, "skills": [skill],
        });
        let short = in_short(&serde_json::from_value(guide).unwrap());
        let expected = json!({
            "id": "backend", "title": "Backend", "edition": "2026", "summary": "What counts",
            "skills": [{"id": "caching", "name": "Caching", "tier": "must-have"}],
        });
        assert_eq!(serde_json::to_value(short).unwrap(), expected);
    }
}
