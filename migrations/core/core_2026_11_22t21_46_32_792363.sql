-- A slip is booked once at a foundation, and one payback of a request waits at a time.
create unique index fund_payback_slip on fund_payback (foundation, slip_no) where state <> 'dropped';
create unique index fund_payback_waiting on fund_payback (request) where state = 'prepared';
create index fund_payback_foundation on fund_payback (foundation);
create index fund_payback_request on fund_payback (request, id);
create index fund_payback_signed on fund_payback (foundation, signed_at) where state = 'returned';
create index fund_payback_prepared_by on fund_payback (prepared_by);
create index fund_payback_signed_by on fund_payback (signed_by) where signed_by is not null;
