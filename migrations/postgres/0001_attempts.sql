-- Every attempt at a model leaves one row, so that what was spent can be shown and added up later, whatever became of the answer.
-- No text of the user is ever written here. Times are microseconds, costs are pico-dollars (10^-12 USD); null means that the provider did not say.
-- The columns are those of SQLite, so that one statement serves both; bigint holds whatever SQLite's integer does.
create table attempts (
    attempt_id text not null primary key,
    rewrite_id text not null,
    bullet_index bigint not null check (bullet_index >= 0),
    attempt bigint not null check (attempt >= 1),
    tenant text not null,
    started_at_us bigint not null,
    latency_us bigint not null check (latency_us >= 0),
    provider text not null,
    model text not null,
    served_model text,
    prompt_ref text not null,
    skill text,
    outcome text not null,
    input_tokens bigint check (input_tokens >= 0),
    cached_input_tokens bigint check (cached_input_tokens >= 0),
    output_tokens bigint check (output_tokens >= 0),
    cost_pico_usd bigint not null check (cost_pico_usd >= 0),
    certainty text not null check (certainty in ('exact', 'estimated', 'unknown')),
    price_ref text not null,
    served_tier text,
    cache_write_5m_tokens bigint check (cache_write_5m_tokens >= 0),
    cache_write_1h_tokens bigint check (cache_write_1h_tokens >= 0),
    reasoning_tokens bigint check (reasoning_tokens >= 0)
);

-- To show a tenant's attempts of a time.
create index attempts_by_tenant_and_time on attempts (tenant, started_at_us);
