//! Where the text with its slots comes from: the JSON of a rewrite, or the flags.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::cli::input::read_text;
use crate::cli::stop::Stop;
use crate::contract::fill::{ConfirmInput, FillRequest, ProposalInput};
use crate::contract::rewrite::{BulletResult, Confirm, Proposal, RewriteAnswer};

/// Where the text with its slots comes from.
#[derive(Debug, clap::Args)]
pub(super) struct Source {
    /// A file with the JSON that `rewrite --format json` wrote; `-` is stdin, and so is the default
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Which bullet of that file, from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    result: Option<u16>,
    /// Which version of that bullet, from 1
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    variant: u16,
    /// Facts about the bullet, as they were given to the rewrite
    #[arg(long, value_name = "TEXT")]
    facts: Option<String>,
    /// The bullet, in place of a file
    #[arg(long, value_name = "TEXT", conflicts_with = "from", requires = "with_slots")]
    bullet: Option<String>,
    /// The text with slots, in place of a file
    #[arg(long, value_name = "TEXT", requires = "bullet", requires = "slots")]
    with_slots: Option<String>,
    /// The slots as a JSON array, in place of a file
    #[arg(long, value_name = "JSON", requires = "bullet")]
    slots: Option<String>,
}

impl Source {
    /// Whether stdin holds the text, so that no answers can be read from it.
    pub(super) fn takes_stdin(&self) -> bool {
        self.bullet.is_none() && self.from.as_ref().is_none_or(|file| file == Path::new("-"))
    }

    /// The request, as yet without answers.
    pub(super) fn read(self) -> Result<FillRequest, Stop> {
        let Self { from, result, variant, facts, bullet, with_slots, slots } = self;
        if let (Some(bullet), Some(with_slots), Some(slots)) = (bullet, with_slots, slots) {
            let slots = serde_json::from_str(&slots)
                .map_err(|error| Stop::usage(format!("--slots is not an array of slots as a rewrite gives them: {error}")))?;
            return Ok(FillRequest { bullet, facts, with_slots, slots, ..FillRequest::default() });
        }
        if from.is_none() && io::stdin().is_terminal() {
            return Err(Stop::usage("no rewrite given; write one with `rewrite --format json > FILE` and name it with --from FILE"));
        }
        let text = read_text(&from.unwrap_or_else(|| PathBuf::from("-")))?;
        let result = one_result(&text, result)?;
        let count = result.variants.len();
        let chosen = result.variants.into_iter().nth(usize::from(variant) - 1);
        let chosen = chosen.ok_or_else(|| Stop::usage(format!("--variant {variant}: the bullet has {count} versions")))?;
        Ok(FillRequest {
            bullet: result.bullet,
            facts,
            with_slots: chosen.with_slots,
            slots: chosen.slots,
            proposal: chosen.proposal.map(input),
            ..FillRequest::default()
        })
    }
}

/// A proposal, as a fill takes it.
fn input(Proposal { text, confirm }: Proposal) -> ProposalInput {
    let question = |Confirm { id, side, span, from, question }| ConfirmInput {
        id,
        side: Some(side),
        span: Some(span),
        from,
        question: Some(question),
    };
    ProposalInput { text, confirm: Some(confirm.into_iter().map(question).collect()) }
}

/// The result that is meant: the only one there is, or the one that is named.
fn one_result(text: &str, number: Option<u16>) -> Result<BulletResult, Stop> {
    let json: Value = serde_json::from_str(text).map_err(|_| not_a_rewrite())?;
    if json.get("results").is_none() {
        return shaped(json);
    }
    let RewriteAnswer { results, .. } = shaped(json)?;
    let count = results.len();
    let at = match number {
        Some(number) => usize::from(number) - 1,
        None if count == 1 => 0,
        None => return Err(Stop::usage(format!("the rewrite holds {count} bullets; say which with --result 1 to {count}"))),
    };
    results.into_iter().nth(at).ok_or_else(|| Stop::usage(format!("--result {}: the rewrite holds {count} bullets", at + 1)))
}

fn shaped<T: DeserializeOwned>(json: Value) -> Result<T, Stop> {
    serde_json::from_value(json).map_err(|_| not_a_rewrite())
}

fn not_a_rewrite() -> Stop {
    Stop::usage("that is not the JSON of a rewrite; write it with `rewrite --format json`")
}
