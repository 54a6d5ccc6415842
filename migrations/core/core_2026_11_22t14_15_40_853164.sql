create index person_guardian on person (guardian) where guardian is not null;

-- Whoever reads who has looked reads the newest first; the sweep asks for the oldest.
create index person_access_person on person_access (person, id desc);
create index person_access_viewer on person_access (viewer);
create index person_access_seen on person_access (seen_at);

create index person_identity_witness on person_identity (witness);

-- An account ends once.
create unique index person_deletion_open on person_deletion (person) where state <> 'withdrawn';
create index person_deletion_person on person_deletion (person);
create index person_deletion_due on person_deletion (due_at) where state = 'waiting';

-- A worker looks residents up by the beginning of their name; by phone there is an index already.
create index person_name on person (name text_pattern_ops);
