-- Minors come with a guardian's consent; what they may not do, the rules say.
alter table volunteer_opportunity drop constraint volunteer_opportunity_age;
alter table volunteer_opportunity add constraint volunteer_opportunity_age check (age_least between 8 and 80);

-- What is to be forgotten after ninety days.
create index volunteer_sign_up_distance on volunteer_sign_up (came_at) where within_m is not null;
