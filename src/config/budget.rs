//! What may be spent: the keys of `[budget]`, in dollars.

use super::ConfigError;
use super::file::{BudgetFileKeys, CapKeys, LedgerDown};
use crate::domain::cost::{Budgets, Caps, PicoUsd};

/// Everyone who can ask for now: the person at this machine, and whoever holds the service's key.
const PRINCIPALS: [&str; 2] = ["local", "admin"];

/// The budgets, and what becomes of calls that cannot be accounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetKeys {
    /// Who may spend how much.
    pub budgets: Budgets,
    /// What becomes of calls when the ledger is down.
    pub on_ledger_down: LedgerDown,
}

impl BudgetKeys {
    pub(super) fn of(keys: &BudgetFileKeys) -> Result<Self, ConfigError> {
        let lacks = || ConfigError::value("budget.on_ledger_down", "is missing; the default file is damaged");
        let principals = keys.principals.iter().map(|(name, keys)| {
            if !PRINCIPALS.contains(&name.as_str()) {
                let reason = format!("there is no principal of this name, so nothing would be limited; write {}", PRINCIPALS.join(" or "));
                return Err(ConfigError::value(format!("budget.principals.{name}"), reason));
            }
            Ok((name.clone(), caps(&format!("budget.principals.{name}"), keys)?))
        });
        let budgets = Budgets { principals: principals.collect::<Result<_, _>>()?, total: caps("budget.total", &keys.total)? };
        Ok(Self { budgets, on_ledger_down: keys.on_ledger_down.ok_or_else(lacks)? })
    }
}

fn caps(place: &str, keys: &CapKeys) -> Result<Caps, ConfigError> {
    let CapKeys { day, month } = keys;
    Ok(Caps { day: dollars(place, "day", day.as_deref())?, month: dollars(place, "month", month.as_deref())? })
}

/// An empty text takes a limit away, which an environment cannot do otherwise.
fn dollars(place: &str, key: &str, text: Option<&str>) -> Result<Option<PicoUsd>, ConfigError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let amount = PicoUsd::from_dollars(text);
    let reason = || {
        format!(
            "`{text}` is not an amount; write US dollars as a plain decimal of at most twelve places in quotes, such as \"25\" or \"0.50\""
        )
    };
    Ok(Some(amount.ok_or_else(|| ConfigError::value(format!("{place}.{key}"), reason()))?))
}
