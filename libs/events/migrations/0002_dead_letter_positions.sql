-- Up Migration
-- Milliseconds, as answers carry them: a page ends at a moment that its reader knows exactly.
alter table dead_letters alter column parked_at type timestamptz(3);

-- Down Migration
alter table dead_letters alter column parked_at type timestamptz;
