-- Providers price the tokens of one attempt by kind and by tier, so both are kept: a cost can then be computed again from its row.
-- input_tokens stays the whole prompt, with what was read from and written to the provider's cache; output_tokens the whole answer, with the reasoning.
alter table attempts add column served_tier text;
alter table attempts add column cache_write_5m_tokens integer check (cache_write_5m_tokens >= 0);
alter table attempts add column cache_write_1h_tokens integer check (cache_write_1h_tokens >= 0);
alter table attempts add column reasoning_tokens integer check (reasoning_tokens >= 0);
