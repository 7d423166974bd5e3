-- Up Migration
-- Attempts whose end nobody wrote down: their time is over, and somebody has to ask the provider again.
create index payments_attempt_until_idx on payments (attempt_until) where status = 'pending' and attempt_until is not null;

-- Down Migration
drop index payments_attempt_until_idx;
