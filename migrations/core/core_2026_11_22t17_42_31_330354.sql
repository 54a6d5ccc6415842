-- A gift may be promised, and given online; a stranger's promises are counted by where they come from.
alter table fund_gift drop constraint fund_gift_state, drop constraint fund_gift_method;
alter table fund_gift
    add constraint fund_gift_state check (state in ('waiting', 'promised', 'counted', 'dropped')),
    add constraint fund_gift_method check (method in ('cash', 'bank', 'online'));
create index fund_gift_asked_from on fund_gift (asked_from, recorded_at) where asked_from is not null;
create index fund_gift_went_back on fund_gift (organization) where returned_at is not null;
