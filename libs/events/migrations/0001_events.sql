-- Up Migration
create table event_inbox (
  group_name text        not null,
  event_id   uuid        not null,
  handled_at timestamptz not null default now(),
  primary key (group_name, event_id)
);
create index event_inbox_handled_at_idx on event_inbox (handled_at);

-- `envelope` is text: it must hold what could not be read, too.
create table dead_letters (
  id         uuid        primary key default gen_random_uuid(),
  group_name text        not null,
  stream     text        not null,
  event_id   text        not null,
  type       text        not null,
  envelope   text        not null,
  error      text        not null,
  tries      int         not null check (tries >= 0),
  parked_at  timestamptz not null default now(),
  unique (group_name, event_id)
);
create index dead_letters_parked_at_id_idx on dead_letters (parked_at desc, id desc);

-- What went to the streams, for the time after a flush of Redis.
create table published_events (
  id           uuid        primary key,
  stream       text        not null,
  stream_id    text        not null,
  envelope     jsonb       not null,
  published_at timestamptz not null default clock_timestamp()
);
create index published_events_stream_published_at_idx on published_events (stream, published_at desc, id desc);
create index published_events_published_at_idx on published_events (published_at);

-- Down Migration
drop table published_events;
drop table dead_letters;
drop table event_inbox;
