-- A budget that many calls share can only be kept if each sets its money aside before it is made, and a report must not read every attempt there ever was.
-- So there are holds, and two sums of the attempts, which the transaction that writes an attempt adds to.
--
-- Normal form: attempts are the truth, one fact a row. usage_daily, latency_daily and spending are the one deliberate denormalisation: they can be
-- computed from attempts again at any time, as the migration of the same number for SQLite does, and tests hold them equal. Models, prompts and skills are names
-- out of files and have no tables of their own to point at. Days and months are texts (2026-11-24, 2026-11) in UTC, so that both databases
-- compare them alike and a month is the beginning of its days.

-- What is set aside for attempts that are being made. A row lives as long as its call; one that is left behind by a dead process is turned into an
-- attempt of unknown cost by whoever holds next. Everything that row will need is here.
create table holds (
    attempt_id text not null primary key,
    rewrite_id text not null,
    bullet_index bigint not null check (bullet_index >= 0),
    bullets bigint not null check (bullets >= 1),
    attempt bigint not null check (attempt >= 1),
    tenant text not null,
    day text not null check (length(day) = 10),
    started_at_us bigint not null,
    expires_at_us bigint not null,
    provider text not null,
    model text not null,
    prompt_ref text not null,
    skill text,
    amount_pico_usd bigint not null check (amount_pico_usd >= 0),
    input_pico_usd bigint not null check (input_pico_usd >= 0),
    price_ref text not null
);

-- To find what has expired without reading what has not. By tenant and day they are summed up; there are never more than calls in flight.
create index holds_by_expiry on holds (expires_at_us);

-- What was used in a day, by everything that a report groups by. calls counts first attempts, attempts counts all, unknown those whose cost nobody
-- told; cache_hits and saved_pico_usd are what hits were and would have cost. skill is '' where none was matched, for a key takes no null.
create table usage_daily (
    usage_id bigint generated always as identity primary key,
    day text not null check (length(day) = 10),
    tenant text not null,
    provider text not null,
    model text not null,
    prompt_ref text not null,
    skill text not null,
    calls bigint not null default 0 check (calls >= 0),
    attempts bigint not null default 0 check (attempts >= 0),
    cache_hits bigint not null default 0 check (cache_hits >= 0),
    input_tokens bigint not null default 0 check (input_tokens >= 0),
    cached_input_tokens bigint not null default 0 check (cached_input_tokens >= 0),
    output_tokens bigint not null default 0 check (output_tokens >= 0),
    cost_pico_usd bigint not null default 0 check (cost_pico_usd >= 0),
    saved_pico_usd bigint not null default 0 check (saved_pico_usd >= 0),
    unknown bigint not null default 0 check (unknown >= 0),
    -- Finds the row to add to; reports read a range of days through it.
    unique (day, tenant, provider, model, prompt_ref, skill)
);

-- How long the attempts of such a row took: how many took at most up_to_us and more than the bound before. The bounds are 1 ms, then ten a decade
-- (1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8), so a percentile that is told as the upper bound is at most 28 % too high.
create table latency_daily (
    usage_id bigint not null references usage_daily (usage_id),
    up_to_us bigint not null check (up_to_us > 0),
    attempts bigint not null check (attempts >= 0),
    primary key (usage_id, up_to_us)
);

-- What was spent by a tenant, and by all ('*'), in a day and in a month: the four rows that a hold looks at, found by key however long the account is.
-- Every settlement changes these rows in place; the room on their pages lets PostgreSQL do so without touching the index.
create table spending (
    tenant text not null,
    period text not null check (length(period) in (7, 10)),
    spent_pico_usd bigint not null check (spent_pico_usd >= 0),
    primary key (tenant, period)
) with (fillfactor = 50);
