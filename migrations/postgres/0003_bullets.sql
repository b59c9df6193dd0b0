-- One attempt can ask for several bullets of a request, so that the rules are sent once: its row then counts them, and stays one row, as it is one call.
-- bullet_index is then the first of them, skill the one that all of them were matched to, or null.
alter table attempts add column bullets bigint not null default 1 check (bullets >= 1);
