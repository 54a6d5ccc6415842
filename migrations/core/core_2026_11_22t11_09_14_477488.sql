-- One person signs up for a shift once, and one sign-up has one record that counts.
create unique index volunteer_sign_up_once on volunteer_sign_up (shift, person) where state <> 'cancelled';
create unique index volunteer_service_once on volunteer_service (sign_up) where state <> 'revoked';

-- Whatever code runs: confirmed times of one person never overlap, across all organizations. A range of
-- one id stands for the person, so that no extension is needed.
alter table volunteer_service add constraint volunteer_service_overlap exclude using gist (
    int8range(person, person, '[]') with &&, tstzrange(begins_at, ends_at) with &&)
    where (state = 'confirmed');

create index volunteer_opportunity_organization on volunteer_opportunity (organization, id desc);
create index volunteer_opportunity_region on volunteer_opportunity (region);
create index volunteer_opportunity_open on volunteer_opportunity (id) where state = 'open';
create index volunteer_opportunity_created_by on volunteer_opportunity (created_by);
create index volunteer_shift_opportunity on volunteer_shift (opportunity, begins_at);
create index volunteer_shift_begins on volunteer_shift (begins_at) where state = 'planned';
create index volunteer_shift_ends on volunteer_shift (ends_at) where state = 'planned';
create index volunteer_sign_up_shift on volunteer_sign_up (shift, id);
create index volunteer_sign_up_person on volunteer_sign_up (person, id desc);
create index volunteer_service_sign_up on volunteer_service (sign_up);
create index volunteer_service_person on volunteer_service (person, begins_at);
create index volunteer_service_organization on volunteer_service (organization, state, id);
create index volunteer_service_proposed_by on volunteer_service (proposed_by);
create index volunteer_service_corrects on volunteer_service (corrects);
create index volunteer_certificate_person on volunteer_certificate (person, id desc);
create index volunteer_certificate_organization on volunteer_certificate (organization, id desc);
create index volunteer_opportunity_project on volunteer_opportunity (project);
