-- Third of three steps, when no process of the version before runs any more (`bulletsmith migrate --contract`): the old column goes.
drop trigger attempts_name_cache_reads on attempts;
drop function attempts_name_cache_reads();
alter table attempts drop column cached_input_tokens;
