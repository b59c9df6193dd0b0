//! The cases of a set put to the product, as any client would.

use serde_json::Value;

use crate::cli::desk::Desk;
use crate::cli::stop::Stop;
use crate::contract::check::{CheckAnswer, CheckRequest};
use crate::contract::matches::{MatchInput, MatchObject, MatchRequest, MatchResult};
use crate::contract::rewrite::{BulletInput, BulletObject, CacheUse, EngineChoice, RewriteRequest};
use crate::evaluation::{CheckCase, MatchCase, RewriteCase, Rewritten};

/// The most bullets the contract takes at once.
const MATCHES: usize = 1000;
const REWRITES: usize = 30;

/// Who puts the cases.
#[derive(Debug)]
pub(super) struct Asker {
    desk: Desk,
}

impl Asker {
    pub(super) const fn new(desk: Desk) -> Self {
        Self { desk }
    }

    /// The skill of each bullet.
    pub(super) async fn matches(&self, cases: Vec<MatchCase>) -> Result<Vec<(MatchCase, MatchResult)>, Stop> {
        let mut results = Vec::with_capacity(cases.len());
        for chunk in cases.chunks(MATCHES) {
            let bullets = chunk.iter().map(|case| MatchInput::Named(MatchObject { id: Value::Null, text: case.text.clone() })).collect();
            results.extend(self.desk.matches(MatchRequest { bullets, guide: None }).await?.results);
        }
        Ok(cases.into_iter().zip(results).collect())
    }

    /// The verdict on each rewrite.
    pub(super) async fn checks(&self, cases: Vec<CheckCase>) -> Result<Vec<(CheckCase, CheckAnswer)>, Stop> {
        let mut answers = Vec::with_capacity(cases.len());
        for case in cases {
            let request = CheckRequest {
                bullet: case.bullet.clone(),
                facts: case.facts.clone(),
                rewrite: Some(case.rewrite.clone()),
                siblings: case.siblings.clone(),
                job_description: case.job_description.clone(),
                ..CheckRequest::default()
            };
            let answer = self.desk.check(request).await?;
            answers.push((case, answer));
        }
        Ok(answers)
    }

    /// The rewrite of each bullet by a prompt version, or by the rules engine.
    pub(super) async fn rewrites(&self, cases: Vec<RewriteCase>, prompt: Option<&str>) -> Result<Vec<Rewritten>, Stop> {
        let mut rewritten = Vec::with_capacity(cases.len());
        for chunk in cases.chunks(REWRITES) {
            let bullet =
                |case: &RewriteCase| BulletInput::Full(BulletObject { text: case.text.clone(), facts: case.facts.clone(), skill: None });
            let request = RewriteRequest {
                bullets: chunk.iter().map(bullet).collect(),
                engine: Some(if prompt.is_some() { EngineChoice::Auto } else { EngineChoice::Rules }),
                prompt: prompt.map(str::to_owned),
                cache: Some(CacheUse::Bypass),
                ..RewriteRequest::default()
            };
            let answer = self.desk.rewrite(request).await?;
            rewritten.extend(chunk.iter().cloned().zip(answer.results).map(|(case, result)| Rewritten { case, result }));
        }
        Ok(rewritten)
    }

    /// Waits for calls that are billed although nobody waits for their answers.
    pub(super) async fn settle(&self) {
        self.desk.settle().await;
    }
}
