-- Under which keys persons are found where they live, and everywhere (region 0): read by the primary key
-- alone. No foreign key: one service writes the keys of all places, and the triggers below those of homes.
create table person_key (
    region bigint not null,
    is_inside boolean not null,
    gram text collate "C" not null,
    person bigint not null,
    constraint person_key_pkey primary key (region, is_inside, gram, person)
);
create index person_key_person on person_key (person);

-- Somebody has moved. The lock waits for whoever is writing the person's keys, and he for us.
create function place_person(moved bigint) returns void language plpgsql as $$
begin
    perform from person where id = moved for key share;
    delete from person_key where person = moved and region <> 0;
    insert into person_key (region, is_inside, gram, person)
        select h.region, k.is_inside, k.gram, k.person
        from household_member m join household h on h.id = m.household
        join person_key k on k.person = m.person and k.region = 0
        where m.person = moved and m.left_on is null;
end $$;

create function place_member() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        perform place_person(old.person);
    end if;
    if tg_op = 'INSERT' or tg_op = 'UPDATE' and new.person <> old.person then
        perform place_person(new.person);
    end if;
    return null;
end $$;
create trigger household_member_placed after insert or update or delete on household_member
    for each row execute function place_member();

create function place_household() returns trigger language plpgsql as $$
begin
    perform place_person(person) from household_member where household = new.id and left_on is null
        order by person;
    return null;
end $$;
create trigger household_placed after update of region on household
    for each row when (old.region <> new.region) execute function place_household();
