create index foundation_duty_of on foundation_duty (organization, happened_on desc, id desc);
create index foundation_duty_recorded_by on foundation_duty (recorded_by);
create index foundation_disclosure_of on foundation_disclosure (organization, id);
create unique index foundation_disclosure_once on foundation_disclosure (organization, kind, key)
    where not is_correction;
create index foundation_disclosure_published_by on foundation_disclosure (published_by);
