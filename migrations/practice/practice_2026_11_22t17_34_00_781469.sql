-- The messages of a person, when the account ends. Older ones find theirs by the phone that is still there.
create index practice_message_person on practice_message (person);
update practice_message set person = p.id from person p where p.phone = practice_message.phone;
