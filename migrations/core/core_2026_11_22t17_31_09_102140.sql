-- 社会团体 and 社会服务机构 were one kind: the code tells which. Where it does not, nobody guesses.
alter table organization drop constraint organization_kind;
update organization set kind = case left(uscc, 2) when '51' then 'association' else 'service_agency' end
    where kind = 'social_organization' and left(uscc, 2) in ('51', '52');
alter table organization add constraint organization_kind check (kind in (
    'association', 'service_agency', 'social_organization', 'foundation', 'community_group', 'committee',
    'street_office', 'company'));
