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
