alter table garden_lease drop constraint garden_lease_state;
alter table garden_lease add constraint garden_lease_state
    check (state in ('reserved', 'active', 'cancelled', 'expired', 'ended'));
create index garden_lease_decided_by on garden_lease (decided_by);
create index garden_lease_reviewed on garden_lease (plot, id desc) where review <> '';
