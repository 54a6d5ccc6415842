-- Whoever was registered before reviews began is registered.
update organization set state = 'approved';

alter table organization drop constraint organization_kind;
alter table organization add constraint organization_kind check (kind in (
    'social_organization', 'foundation', 'community_group', 'committee', 'street_office', 'company'));

-- A code is one organization's; who was refused does not block the one that it belongs to.
create unique index organization_uscc on organization (uscc) where state <> 'refused';

-- The second click is the first registration.
create unique index organization_proposed on organization (registrant, name)
    where state in ('pending', 'returned');

create index organization_registrant on organization (registrant);
create index organization_waiting on organization (id) where state = 'pending';
create index organization_list on organization (name, id) where state = 'approved';

update search_thing set path = '/organizations/' || subject_id where kind = 'organization';
