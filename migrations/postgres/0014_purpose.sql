-- A model is asked to write, and another or the same to judge what was written: what each costs can only be told apart when its row says which it was.
-- Every row from before was for writing, and a process of the version before goes on to write such rows without saying so.
alter table attempts add column purpose text not null default 'write' check (purpose in ('write', 'judge'));
alter table holds add column purpose text not null default 'write' check (purpose in ('write', 'judge'));
