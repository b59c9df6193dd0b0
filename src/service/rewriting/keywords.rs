//! What the job asks for, held against one bullet: a wish for the writer's words, and three lists for whoever reads the answer.

use super::Job;
use crate::contract::rewrite::Keywords;
use crate::domain::facts::Reading;
use crate::domain::grounding::Evidence;
use crate::domain::job::{JobDescription, Met};
use crate::service::Service;
use crate::service::intake::RewriteOrder;

/// The most keywords that a writer is asked to prefer.
const PREFERRED: usize = 12;

/// The evidence of a bullet beside the job description, which is read once for all bullets of the order.
pub(super) fn beside_job(service: &Service, order: &RewriteOrder, evidence: Evidence) -> Evidence {
    match job_of(service, order) {
        Some(job) => evidence.beside(job.reading()),
        None => evidence,
    }
}

fn job_of<'a>(service: &Service, order: &'a RewriteOrder) -> Option<&'a JobDescription> {
    order.job_description.as_ref().map(|job| job.read(&service.parts.lexicon, &order.guide))
}

impl Job<'_> {
    /// What the job asks for and this bullet's evidence supports.
    pub(super) fn supported_keywords(&self) -> Vec<String> {
        let lexicon = &self.service.parts.lexicon;
        let supported = job_of(self.service, self.order).into_iter().flat_map(|job| job.supported(lexicon, &self.evidence));
        supported.take(PREFERRED).map(|term| term.name.clone()).collect()
    }

    /// The keywords of the skill with those of the job before them; one that both know stands where the job's words put it.
    pub(super) fn with_those_of_job(&self, of_skill: Keywords, text: &str) -> Keywords {
        let Some(job) = job_of(self.service, self.order) else { return of_skill };
        let lexicon = &self.service.parts.lexicon;
        let reading = Reading::new(text, lexicon);
        let mut keywords = Keywords::default();
        let mut known: Vec<String> = Vec::new();
        for (term, met) in job.met(lexicon, &self.evidence, &reading) {
            list_of(&mut keywords, met).push(term.name.clone());
            known.push(term.name.to_lowercase());
        }
        let Keywords { used, supported, unsupported } = of_skill;
        for (met, terms) in [(Met::Used, used), (Met::Supported, supported), (Met::Unsupported, unsupported)] {
            list_of(&mut keywords, met).extend(terms.into_iter().filter(|term| !known.contains(&term.to_lowercase())));
        }
        keywords
    }
}

fn list_of(keywords: &mut Keywords, met: Met) -> &mut Vec<String> {
    match met {
        Met::Used => &mut keywords.used,
        Met::Supported => &mut keywords.supported,
        Met::Unsupported => &mut keywords.unsupported,
    }
}
