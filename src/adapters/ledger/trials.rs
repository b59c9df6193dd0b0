//! How models did as judges: kept beside the account, because whoever asks a model has that open, and replicas that share it try each model once.

use super::attempts::one;
use super::store::{Store, on};
use crate::ports::{Source, Timestamp, Trial, TrialKind};

const KEPT: &str = "select served_model, prompt_ref, right_answers, pairs, tried_at_us from judge_trials
    where provider = $1 and model = $2 and prompt_sha256 = $3 and set_sha256 = $4
    order by tried_at_us, served_model";

const KEEP: &str = "insert into judge_trials (
        provider, model, prompt_sha256, set_sha256, served_model, prompt_ref, right_answers, pairs, tried_at_us
    )
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (provider, model, prompt_sha256, set_sha256, served_model) do update set
        prompt_ref = excluded.prompt_ref,
        right_answers = excluded.right_answers,
        pairs = excluded.pairs,
        tried_at_us = excluded.tried_at_us";

/// A trial as it stands in the table.
type Row = (String, String, i64, i64, i64);

/// The trials of a kind, the newest last.
pub(super) async fn kept(store: &Store, kind: &TrialKind) -> Result<Vec<Trial>, Source> {
    let TrialKind { model, prompt_sha256, set_sha256 } = kind;
    let mut transaction = store.begin().await?;
    let rows: Vec<Row> = on!(&mut transaction, |connection| {
        let read = sqlx::query_as(KEPT).bind(model.provider()).bind(model.model()).bind(prompt_sha256).bind(set_sha256);
        read.fetch_all(connection).await?
    });
    transaction.commit().await?;
    let trial = |(served_model, prompt_ref, right, of, tried_at): Row| -> Result<Trial, Source> {
        Ok(Trial {
            kind: kind.clone(),
            served_model: Some(served_model).filter(|name| !name.is_empty()),
            prompt_ref: prompt_ref.parse()?,
            right: right.try_into()?,
            of: of.try_into()?,
            tried_at: Timestamp(tried_at),
        })
    };
    rows.into_iter().map(trial).collect()
}

/// Keeps a trial.
pub(super) async fn keep(store: &Store, trial: &Trial) -> Result<(), Source> {
    let Trial { kind: TrialKind { model, prompt_sha256, set_sha256 }, served_model, prompt_ref, right, of, tried_at } = trial;
    let mut transaction = store.begin().await?;
    let rows = on!(&mut transaction, |connection| {
        let keep = sqlx::query(KEEP).bind(model.provider()).bind(model.model()).bind(prompt_sha256).bind(set_sha256);
        let keep = keep.bind(served_model.as_deref().unwrap_or_default()).bind(prompt_ref.to_string());
        keep.bind(i64::from(*right)).bind(i64::from(*of)).bind(tried_at.0).execute(connection).await?.rows_affected()
    });
    one(rows)?;
    Ok(transaction.commit().await?)
}
