-- Up Migration
-- Events that are not on their stream yet, written by the transactions they tell of. Whoever has sent them deletes them.
create table outbox_events (
  position int8        primary key generated always as identity,
  envelope json        not null,
  added_at timestamptz not null default clock_timestamp()
);

-- Down Migration
do $$ begin
  if exists (select from outbox_events) then
    raise exception 'Events wait to be sent: let the relay empty the outbox first.';
  end if;
end $$;
drop table outbox_events;
