-- Up Migration
-- A provider that takes another sum than it was asked for: what it took is booked, and the fence sends all of it back.
alter table payments
  drop constraint payments_charged_all_or_nothing,
  add constraint payments_charged_all_or_nothing check (charged_minor in (0, amount_minor) or cancel_requested_at is not null) not valid;
alter table payments validate constraint payments_charged_all_or_nothing;

-- Down Migration
alter table payments
  drop constraint payments_charged_all_or_nothing,
  add constraint payments_charged_all_or_nothing check (charged_minor in (0, amount_minor)) not valid;
