create unique index volunteer_star_in_force on volunteer_star (person) where state in ('held', 'reviewed');
create unique index volunteer_star_published on volunteer_star (person) where state = 'published';

create index volunteer_star_person on volunteer_star (person, id desc);
create index volunteer_star_region on volunteer_star (region, state, id);
create index volunteer_star_state on volunteer_star (state, id desc);
create index volunteer_star_review_on on volunteer_star (review_on) where state = 'held';
create index volunteer_star_until on volunteer_star (published_until) where state = 'published';
create index volunteer_star_decided_by on volunteer_star (decided_by) where decided_by is not null;
create index volunteer_star_review_decided_by on volunteer_star_review (decided_by) where decided_by is not null;
create index volunteer_star_review_answered_by on volunteer_star_review (answered_by)
    where answered_by is not null;
