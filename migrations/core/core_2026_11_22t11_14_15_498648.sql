-- Whatever code runs: a gift or a request is for a purpose of its own fund, and under that fund's foundation.
create unique index fund_foundation on fund (id, organization);
alter table fund_gift add constraint fund_gift_own_purpose
    foreign key (purpose, fund) references fund_purpose (id, fund);
alter table fund_gift add constraint fund_gift_own_foundation
    foreign key (fund, organization) references fund (id, organization);
alter table fund_request add constraint fund_request_own_purpose
    foreign key (purpose, fund) references fund_purpose (id, fund);
alter table fund_request add constraint fund_request_own_foundation
    foreign key (fund, foundation) references fund (id, organization);

create index fund_organization on fund (organization);
create index fund_region on fund (region);
create index fund_purpose_of on fund_purpose (fund);
create index fund_gift_of on fund_gift (fund, id);
create index fund_gift_purpose on fund_gift (purpose);
create index fund_gift_donor on fund_gift (donor, id) where donor is not null;
create index fund_gift_waiting on fund_gift (organization, id) where state = 'waiting';
create index fund_gift_recorded_by on fund_gift (recorded_by);
create index fund_gift_confirmed_by on fund_gift (confirmed_by) where confirmed_by is not null;
create index fund_request_of on fund_request (fund, id);
create index fund_request_foundation on fund_request (foundation, id);
create index fund_request_organization on fund_request (organization, id);
create index fund_request_purpose on fund_request (purpose);
create index fund_request_voucher on fund_request (organization, voucher_due_on) where state = 'paid';
create index fund_request_asked_by on fund_request (asked_by);
create index fund_request_checked_by on fund_request (checked_by) where checked_by is not null;
create index fund_request_prepared_by on fund_request (prepared_by) where prepared_by is not null;
create index fund_request_paid_by on fund_request (paid_by) where paid_by is not null;
create index fund_request_reported_by on fund_request (reported_by) where reported_by is not null;
create index fund_request_project on fund_request (project) where project is not null;
