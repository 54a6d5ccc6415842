-- A slip of the bank is there once at a foundation, unless it was written down by mistake.
create unique index foundation_pool_money_slip on foundation_pool_money (organization, receipt_no)
    where state <> 'dropped';

create index foundation_pool_organization on foundation_pool (organization, id);
create index foundation_pool_over on foundation_pool (ends_on) where state = 'open';
create index foundation_pool_sponsor_person on foundation_pool (sponsor_person);
create index foundation_pool_rest_fund on foundation_pool (rest_fund);
create index foundation_pool_made_by on foundation_pool (made_by);
create index foundation_pool_opened_by on foundation_pool (opened_by);
create index foundation_pool_rest_prepared_by on foundation_pool (rest_prepared_by);
create index foundation_pool_rest_signed_by on foundation_pool (rest_signed_by);
create index foundation_pool_fund_fund on foundation_pool_fund (fund);
create index foundation_pool_money_organization on foundation_pool_money (organization);
create index foundation_pool_money_pool on foundation_pool_money (pool, id);
create index foundation_pool_money_recorded_by on foundation_pool_money (recorded_by);
create index foundation_pool_money_confirmed_by on foundation_pool_money (confirmed_by);
create index foundation_pool_match_pool on foundation_pool_match (pool, id);
create index foundation_pool_match_donor on foundation_pool_match (donor, pool, day);
create index foundation_pool_match_gift on foundation_pool_match (gift);
create index foundation_pool_match_fund on foundation_pool_match (fund);
