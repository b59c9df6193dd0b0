-- What is written to the provider's cache is called cache_write_…_tokens, and what is read from it cached_input_tokens: one thing, two words.
-- First of three steps towards cache_read_tokens. Both columns stand side by side; whoever writes one has written both, so that a process of the
-- version before and one of this version can work at the same time.
alter table attempts add column cache_read_tokens integer check (cache_read_tokens >= 0);

create trigger attempts_name_cache_reads after insert on attempts
when new.cache_read_tokens is not new.cached_input_tokens
begin
    update attempts
    set
        cache_read_tokens = coalesce(new.cache_read_tokens, new.cached_input_tokens),
        cached_input_tokens = coalesce(new.cached_input_tokens, new.cache_read_tokens)
    where attempt_id = new.attempt_id;
end;
