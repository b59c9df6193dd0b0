//! What a call may cost is set aside before it and settled after it; without an account no model is asked, unless the operator wants it so.

use std::time::Duration;

use super::cost::Tariff;
use crate::domain::cost::{Budgets, PicoUsd};
use crate::domain::request::ModelRequest;
use crate::ports::{Held, Hold, HoldOrder, LedgerEntry};
use crate::service::calling::failure::Failure;
use crate::service::{Link, Service};

/// How long after its last moment a call may still be settled by its owner: the account may have to wait for a server that restarts, and the
/// clocks of two machines may differ.
const GRACE: Duration = Duration::from_mins(1);

/// The budgets, and what is done when they cannot be kept.
#[derive(Debug, Clone, Default)]
pub struct Spending {
    /// Who may spend how much.
    pub budgets: Budgets,
    /// What becomes of a call that cannot be accounted.
    pub on_ledger_down: OnLedgerDown,
}

/// What becomes of a call when the ledger is down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnLedgerDown {
    /// It is refused.
    #[default]
    FailClosed,
    /// It is made, and neither counted nor kept under any budget; the log tells what it cost.
    FailOpen,
}

/// The most that an attempt can cost, and what its prompt alone does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::service) struct Worst {
    pub(in crate::service) amount: PicoUsd,
    pub(in crate::service) input: PicoUsd,
    /// The hash of the row of the model that is asked, or `free`: what an attempt is billed by that nobody counts.
    pub(in crate::service) price_ref: String,
}

impl Link {
    /// What this question costs at most.
    pub(in crate::service) fn worst(&self, request: &ModelRequest) -> Worst {
        self.tariff.worst(self.model.id().model(), request)
    }
}

impl Tariff {
    /// What this question costs at most.
    ///
    /// A token of any provider stands for at least one byte of text, so the bytes of the prompt and its schema bound its tokens from above;
    /// what a provider adds around them is far below [`ADDED_TOKENS`]. The answer has at most the tokens that it is limited to.
    fn worst(&self, model: &str, request: &ModelRequest) -> Worst {
        match self {
            Self::Free => Worst { amount: PicoUsd::ZERO, input: PicoUsd::ZERO, price_ref: "free".to_owned() },
            Self::Sheet { sheet, seller, asked } => {
                let tokens = most_input_tokens(request);
                let dearest = sheet.dearest(seller, model).unwrap_or(asked.price);
                Worst {
                    amount: dearest.at_most(tokens, request.max_output_tokens.into()),
                    input: asked.price.of_input(tokens),
                    price_ref: asked.hash(),
                }
            }
        }
    }
}

/// More tokens than any provider adds to a prompt: marks around each turn, and words that explain the schema to the model.
const ADDED_TOKENS: usize = 1_024;

fn most_input_tokens(request: &ModelRequest) -> u64 {
    let ModelRequest { messages, schema_name, schema, max_output_tokens: _ } = request;
    let turns: usize = messages.iter().map(|message| message.content.len()).sum();
    (turns + schema_name.len() + schema.to_string().len() + ADDED_TOKENS) as u64
}

/// How long a hold lives that is placed for a call of at most this length.
pub(in crate::service) const fn lifetime(longest: Duration) -> Duration {
    longest.saturating_add(GRACE)
}

/// Sets the money aside. Without a hold, though without a failure, the ledger is down and calls are made all the same.
pub(in crate::service) async fn hold(service: &Service, order: &HoldOrder) -> Result<Option<Hold>, Failure> {
    match service.parts.ledger.hold(order).await {
        Ok(Held::Yes(hold)) => Ok(Some(hold)),
        Ok(Held::No(limit)) => Err(Failure::Budget { limit, tenant: order.tenant.clone() }),
        Err(error) if service.parts.spending.on_ledger_down == OnLedgerDown::FailOpen => {
            let causes = causes(&error);
            tracing::error!(attempt_id = %order.attempt_id, causes, "A model is asked without an account, as on_ledger_down says");
            Ok(None)
        }
        Err(error) => Err(Failure::Ledger(error)),
    }
}

/// Writes what the attempt cost, with or without a hold.
pub(in crate::service) async fn settle(service: &Service, hold: Option<Hold>, entry: &LedgerEntry) -> Result<(), Failure> {
    let hold = hold.unwrap_or(Hold { attempt_id: entry.attempt_id });
    match service.parts.ledger.settle(hold, entry).await {
        Ok(()) => Ok(()),
        Err(error) if service.parts.spending.on_ledger_down == OnLedgerDown::FailOpen => {
            let (causes, model) = (causes(&error), entry.model.to_string());
            let (cost_pico_usd, certainty) = (entry.cost.get(), entry.certainty.as_str());
            tracing::error!(attempt_id = %entry.attempt_id, tenant = entry.tenant, model, cost_pico_usd, certainty, causes, "A call is not in the account");
            Ok(())
        }
        Err(error) => Err(Failure::Ledger(error)),
    }
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut causes = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        causes = format!("{causes}: {cause}");
        source = cause.source();
    }
    causes
}
