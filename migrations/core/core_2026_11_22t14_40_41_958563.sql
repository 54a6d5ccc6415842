-- What was found stays; a correction is one more row.
create trigger organization_record_append_only before update or delete or truncate on organization_record
    for each statement execute function refuse_change();
create index organization_record_newest on organization_record (organization, kind, year desc, id desc);
create index organization_record_recorded_by on organization_record (recorded_by);

create index organization_restriction_of on organization_restriction (organization, id desc);
create index organization_restriction_appealed on organization_restriction (id) where state = 'appealed';
create index organization_restriction_imposed_by on organization_restriction (imposed_by);
create index organization_restriction_appealed_by on organization_restriction (appealed_by);
create index organization_restriction_decided_by on organization_restriction (decided_by);

-- One account is paid, and one change waits.
create unique index organization_payee_confirmed on organization_payee (organization)
    where state = 'confirmed';
create unique index organization_payee_proposed on organization_payee (organization)
    where state = 'proposed';
create index organization_payee_of on organization_payee (organization, id desc);
create index organization_payee_proposed_by on organization_payee (proposed_by);
create index organization_payee_decided_by on organization_payee (decided_by);

create index organization_import_of on organization_import (asked_by, id desc);
create index organization_import_row_bad on organization_import_row (batch, line) where reason <> '';
create index organization_import_row_region on organization_import_row (region);
create index organization_import_row_organization on organization_import_row (organization);

-- The directory, narrowed down by kind or place.
create index organization_list_kind on organization (kind, name, id) where state = 'approved';
create index organization_list_region on organization (region, name, id) where state = 'approved';
create index organization_import_sweep on organization_import (asked_at);
