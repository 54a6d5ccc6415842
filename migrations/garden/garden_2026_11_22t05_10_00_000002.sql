-- What must never be violated, whatever code runs.

-- One open lease a plot.
create unique index garden_lease_open on garden_lease (plot) where state in ('reserved', 'active');
-- One membership a household, garden and year that is owed or paid.
create unique index garden_membership_now on garden_membership (garden, household, year)
    where state <> 'cancelled';

create index garden_lease_household on garden_lease (household, id desc);
create index garden_lease_membership on garden_lease (membership);
create index garden_lease_plot on garden_lease (plot);
create index garden_lease_person on garden_lease (person);
create index garden_lease_order on garden_lease ("order");
create index garden_membership_household on garden_membership (household);
create index garden_organization on garden (organization);
