create index foundation_pledge_organization on foundation_pledge (organization, id);
create index foundation_pledge_fund on foundation_pledge (fund);
create index foundation_pledge_purpose on foundation_pledge (purpose);
create index foundation_pledge_donor on foundation_pledge (donor);
create index foundation_pledge_recorded_by on foundation_pledge (recorded_by);
create index foundation_pledge_withdrawn_by on foundation_pledge (withdrawn_by);
create index foundation_pledge_part_pledge on foundation_pledge_part (pledge, due_on);
create index foundation_pledge_gift_pledge on foundation_pledge_gift (pledge, id);
create index foundation_pledge_gift_linked_by on foundation_pledge_gift (linked_by);
