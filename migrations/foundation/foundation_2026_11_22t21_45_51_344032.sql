create index foundation_platform_list_campaign on foundation_platform_list (campaign, id);
create index foundation_platform_list_organization on foundation_platform_list (organization, state, id);
create index foundation_platform_list_fund on foundation_platform_list (fund);
create index foundation_platform_list_purpose on foundation_platform_list (purpose);
create index foundation_platform_list_uploaded_by on foundation_platform_list (uploaded_by);
create index foundation_platform_list_settled_by on foundation_platform_list (settled_by);
create index foundation_platform_list_confirmed_by on foundation_platform_list (confirmed_by);
create index foundation_platform_list_undone_by on foundation_platform_list (undone_by);
create index foundation_platform_row_organization on foundation_platform_row (organization);
-- An order of a platform is booked once, whichever list brings it.
create unique index foundation_platform_row_order on foundation_platform_row (organization, platform, order_no)
    where is_booked;
-- A payout of the platform counts for one list.
create unique index foundation_platform_list_payout on foundation_platform_list (organization, payout_no)
    where state in ('waiting', 'booking', 'booked');
