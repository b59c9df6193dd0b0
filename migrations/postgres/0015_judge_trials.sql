-- A model is tried on pairs whose answers are known before its verdicts count. A trial costs some calls, so its outcome is kept: one row for a model,
-- a prompt, a set of pairs, and a name that the provider says answered ('' where it says none). No text of the user is part of it.
create table judge_trials (
    provider text not null,
    model text not null,
    served_model text not null,
    prompt_sha256 text not null,
    set_sha256 text not null,
    prompt_ref text not null,
    right_answers bigint not null check (right_answers >= 0 and right_answers <= pairs),
    pairs bigint not null check (pairs >= 1),
    tried_at_us bigint not null,
    primary key (provider, model, prompt_sha256, set_sha256, served_model)
);
