-- The first characters from every place of a name, as written and as spelt: about a hundred rows a thing.
-- Read by its primary key alone, in the order of the answer. No foreign key: it would be checked row by
-- row, and one service writes both tables.
create table search_gram (
    gram text collate "C" not null,
    kind text collate "C" not null,
    rank smallint not null,
    thing bigint not null,
    primary key (gram, kind, rank, thing)
);
create index search_gram_thing on search_gram (thing);
