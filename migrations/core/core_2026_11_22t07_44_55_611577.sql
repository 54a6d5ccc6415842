-- The count that every page shows, as it is for what there is already.
update person p set unread = n.unread
from (select person, count(*) as unread from notification where read_at is null group by person) n
where n.person = p.id;

-- Notices that lead to a plugin's page are that plugin's.
update notification set category = split_part(path, '/', 2)
where split_part(path, '/', 2) = 'garden';

-- One message a notice and channel; one digest a person and day, whoever asks for it.
create unique index notification_message_notice on notification_message (notification, channel)
    where kind = 'notice';
create unique index notification_message_digest on notification_message (person, digest_on)
    where kind = 'digest';
create index notification_message_person on notification_message (person, kind, id);
create index notification_message_notification on notification_message (notification);

-- Who wants a digest, and what is old.
create index notification_setting_digest on notification_setting (person) where digest;
create index notification_read on notification (read_at) where read_at is not null;

-- Unread notices of a person, newest first: a filter of the inbox, and a digest.
drop index notification_unread;
create index notification_unread on notification (person, id desc) where read_at is null;
