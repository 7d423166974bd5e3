-- Up Migration
-- One for each time of keeping: a single one would walk past three months of sales to find the last week's tombstones.
create index reservations_over_updated_at_idx on reservations (updated_at) where status in ('refused', 'released', 'returned');
create index reservations_committed_updated_at_idx on reservations (updated_at) where status = 'committed';

-- Down Migration
drop index reservations_committed_updated_at_idx;
drop index reservations_over_updated_at_idx;
