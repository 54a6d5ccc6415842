alter table payment_fact drop constraint payment_fact_kind;
alter table payment_fact add constraint payment_fact_kind
    check (kind in ('captured', 'refunded', 'refund_failed', 'disputed', 'dispute_returned'));
create index payment_fact_external on payment_fact (external_id);

create index payment_refund_order on payment_refund ("order", id desc);
create index payment_refund_payee on payment_refund (payee, id desc);
create index payment_refund_asked_by on payment_refund (asked_by);
create index payment_refund_waiting on payment_refund (asked_at) where state = 'sending';
create unique index payment_refund_receipt on payment_refund (payee, receipt_no) where receipt_no <> '';

create index payment_dispute_open on payment_dispute (due_at) where state = 'open';

create index payment_settlement_line_attempt on payment_settlement_line (attempt);
create index payment_settlement_line_aside_by on payment_settlement_line (aside_by);
create index payment_settlement_line_newest on payment_settlement_line (merchant, booked_at desc, id desc);
create index payment_settlement_line_source on payment_settlement_line (source);
create index payment_settlement_line_look on payment_settlement_line (merchant, id desc)
    where aside_at is null and verdict in ('differs', 'missing', 'not_ours');
create index payment_notification_aside on payment_notification (merchant, id desc) where outcome = 'set_aside';
