-- Two states more: an absence that is excused, a record that waits for its witnesses.
alter table volunteer_sign_up drop constraint volunteer_sign_up_state;
alter table volunteer_sign_up add constraint volunteer_sign_up_state check (
    state in ('waiting', 'placed', 'present', 'left', 'absent', 'excused', 'cancelled'));
alter table volunteer_service drop constraint volunteer_service_state;
alter table volunteer_service add constraint volunteer_service_state check (
    state in ('witnessing', 'proposed', 'confirmed', 'disputed', 'revoked'));

create index volunteer_opportunity_training on volunteer_opportunity (training);
create index volunteer_sign_up_absent on volunteer_sign_up (person) where state in ('absent', 'excused');
create index volunteer_witness_person on volunteer_witness (person);
