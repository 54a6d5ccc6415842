-- There are more keys now: what nothing is found of is indexed when `migrate` has run.
delete from search_gram;
delete from search_thing;
