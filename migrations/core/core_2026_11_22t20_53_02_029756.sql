create index household_invitation_child on household_invitation (child, id desc) where child is not null;
create index household_invitation_made_by on household_invitation (made_by) where child is not null;
