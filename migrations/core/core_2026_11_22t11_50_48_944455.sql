-- The deployment's own key serves one payee: no money of several is pooled.
create unique index payment_merchant_deployment on payment_merchant (provider) where uses_deployment;
create index payment_merchant_connected_by on payment_merchant (connected_by);

-- An order is paid at one place at a time.
create unique index payment_attempt_open on payment_attempt ("order")
    where state in ('created', 'pending', 'processing');
create index payment_attempt_order on payment_attempt ("order", id desc);
create index payment_attempt_merchant on payment_attempt (merchant, id desc);
create index payment_attempt_unsettled on payment_attempt (coalesce(checked_at, created_at))
    where state in ('created', 'pending', 'processing');

create index payment_notification_waiting on payment_notification (received_at) where handled_at is null;

-- What a provider has said of money is never changed.
create trigger payment_fact_stays before update or delete on payment_fact
    for each statement execute function refuse_change();
