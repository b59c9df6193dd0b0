-- Second of three steps: the rows from before the first one get the new column as well, while everyone goes on writing.
update attempts set cache_read_tokens = cached_input_tokens where cache_read_tokens is null and cached_input_tokens is not null;
