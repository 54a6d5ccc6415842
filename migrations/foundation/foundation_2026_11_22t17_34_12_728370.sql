-- A name belongs to one charity at a time; two confirmations at once: the second is refused.
create unique index foundation_host_of_one on foundation_host (name) where state = 'confirmed';
-- The same charity asks once.
create unique index foundation_host_asked on foundation_host (organization, name)
where state in ('asked', 'confirmed');
create index foundation_host_waiting on foundation_host (id) where state = 'asked';
create index foundation_host_asked_by on foundation_host (asked_by);
create index foundation_host_checked_by on foundation_host (checked_by);

create index foundation_campaign_organization on foundation_campaign (organization, id);
create index foundation_campaign_shown on foundation_campaign (id)
where state in ('running', 'ended', 'reported');
create index foundation_campaign_over on foundation_campaign (ends_on) where state = 'running';
create index foundation_campaign_region on foundation_campaign (region);
create index foundation_campaign_written_by on foundation_campaign (written_by);
create index foundation_campaign_reviewed_by on foundation_campaign (reviewed_by);
create index foundation_campaign_fund_fund on foundation_campaign_fund (fund);
create index foundation_campaign_invited_person on foundation_campaign_invited (person);
create index foundation_campaign_invited_by on foundation_campaign_invited (invited_by);
create index foundation_campaign_report_campaign on foundation_campaign_report (campaign, id);
create unique index foundation_campaign_report_final on foundation_campaign_report (campaign) where is_final;
create index foundation_campaign_report_told_by on foundation_campaign_report (told_by);
create index foundation_campaign_gift_campaign on foundation_campaign_gift (campaign);
create index foundation_host_organization on foundation_host (organization);
