alter table fund_gift drop constraint fund_gift_method;
alter table fund_gift add constraint fund_gift_method check (method in ('cash', 'bank', 'online', 'match'));
create index fund_gift_by_method on fund_gift (fund, method, id) where state = 'counted';
-- What a foundation's year counts as gone back.
create index fund_gift_gone_back on fund_gift (organization) where returned_at is not null;
