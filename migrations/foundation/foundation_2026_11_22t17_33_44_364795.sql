create unique index foundation_opening_one on foundation_opening (organization, year) where state = 'reviewed';
create index foundation_opening_of on foundation_opening (organization, year, id);
create index foundation_opening_waiting on foundation_opening (organization, id) where state = 'waiting';
create index foundation_opening_recorded_by on foundation_opening (recorded_by);
create index foundation_opening_reviewed_by on foundation_opening (reviewed_by) where reviewed_by is not null;
create index foundation_entry_of on foundation_entry (organization, occurred_on, id);
create index foundation_entry_waiting on foundation_entry (organization, id) where state = 'waiting';
create index foundation_entry_recorded_by on foundation_entry (recorded_by);
create index foundation_entry_confirmed_by on foundation_entry (confirmed_by) where confirmed_by is not null;
create index foundation_entry_reversed_by on foundation_entry (reversed_by) where reversed_by is not null;
create index foundation_year_opening on foundation_year (opening);
create index foundation_year_closed_by on foundation_year (closed_by);
-- A year of a foundation asks for what was paid and sent back in it.
create index fund_request_paid on fund_request (foundation, paid_at) where paid_at is not null;
create index fund_refund_signed on fund_refund (signed_at) where signed_at is not null;
