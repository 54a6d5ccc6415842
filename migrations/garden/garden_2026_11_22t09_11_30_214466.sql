create index garden_membership_garden on garden_membership (garden);
