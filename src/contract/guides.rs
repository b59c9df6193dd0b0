//! `GET /v1/guides`: the guide as data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::guide::{GuideFile, SkillEntry, Tier};

/// All guides.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct GuideList {
    /// In order of their ids.
    pub guides: Vec<GuideSummary>,
}

/// One guide, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GuideSummary {
    /// Its id, as requests name it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The edition of the text it comes from.
    pub edition: String,
    /// What it is about.
    pub summary: String,
    /// Its skills, in the guide's order.
    pub skills: Vec<SkillSummary>,
}

impl From<&GuideFile> for GuideSummary {
    fn from(guide: &GuideFile) -> Self {
        let skills = guide.skills.iter().map(|skill| SkillSummary { id: skill.id.clone(), name: skill.name.clone(), tier: skill.tier });
        Self {
            id: guide.id.clone(),
            title: guide.title.clone(),
            edition: guide.edition.clone(),
            summary: guide.summary.clone(),
            skills: skills.collect(),
        }
    }
}

/// One skill, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SkillSummary {
    /// Its id, as requests name it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How much it is wanted.
    pub tier: Tier,
}

/// One guide, whole: the guide's file as it was loaded.
pub type GuideAnswer = GuideFile;

/// One skill, whole.
pub type SkillAnswer = SkillEntry;

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
        let guide: GuideFile = serde_json::from_value(guide).expect("a guide");
        let short = GuideSummary::from(&guide);
        let expected = json!({
            "id": "backend", "title": "Backend", "edition": "2026", "summary": "What counts",
            "skills": [{"id": "caching", "name": "Caching", "tier": "must-have"}],
        });
        assert_eq!(serde_json::to_value(short).expect("JSON"), expected);
    }
}
