-- The list by phone, and what is old.
create index practice_message_phone on practice_message (phone, id desc);
create index practice_message_kept on practice_message (kept_at);
