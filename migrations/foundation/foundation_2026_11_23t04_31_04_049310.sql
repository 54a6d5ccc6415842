alter table foundation_disclosure drop constraint foundation_disclosure_kind;
alter table foundation_disclosure add constraint foundation_disclosure_kind
    check (kind in ('report', 'annual', 'related_list', 'progress', 'project', 'transaction', 'related'));
