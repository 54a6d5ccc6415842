-- A gift goes back once; a fund has one proposal for its rest at a time; both stay within their foundation.
create unique index fund_refund_once on fund_refund (gift) where state <> 'dropped';
create index fund_refund_gift on fund_refund (gift, id);
create index fund_refund_waiting on fund_refund (id) where state = 'prepared';
create index fund_refund_prepared_by on fund_refund (prepared_by);
create index fund_refund_signed_by on fund_refund (signed_by) where signed_by is not null;

alter table fund_leftover add constraint fund_leftover_own_foundation
    foreign key (fund, foundation) references fund (id, organization);
alter table fund_leftover add constraint fund_leftover_same_foundation
    foreign key (to_fund, foundation) references fund (id, organization);
alter table fund_leftover add constraint fund_leftover_own_purpose
    foreign key (to_purpose, to_fund) references fund_purpose (id, fund);
create unique index fund_leftover_once on fund_leftover (fund) where state <> 'refused';
create index fund_leftover_of on fund_leftover (fund, id);
create index fund_leftover_to on fund_leftover (to_fund, id);
create index fund_leftover_foundation on fund_leftover (foundation, id);
create index fund_leftover_to_purpose on fund_leftover (to_purpose) where to_purpose is not null;
create index fund_leftover_proposed_by on fund_leftover (proposed_by);
create index fund_leftover_moved_by on fund_leftover (moved_by) where moved_by is not null;
