-- The worker takes what waits of one account, oldest first.
drop index payment_notification_waiting;
create index payment_notification_waiting on payment_notification (merchant, received_at, id)
    where handled_at is null;
