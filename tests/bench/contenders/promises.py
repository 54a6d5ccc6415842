"""What is there before the clock starts: gifts that are being paid, and what was told of them."""

# Gifts promised by strangers, their payments begun, the provider's word in the inbox and its job asked for.
PROMISE = """
with new as materialized (
    select nextval('payment_order_id_seq') as order_id, nextval('fund_gift_id_seq') as gift_id,
        nextval('payment_attempt_id_seq') as attempt_id, replace(gen_random_uuid()::text, '-', '') as code
    from generate_series(1, $3)),
orders as (
    insert into payment_order (id, payee, cause_kind, cause_id, state, total_fen, page, created_at,
        expires_at)
    select n.order_id, o.payee, o.cause_kind, n.gift_id, o.state, o.total_fen, '/giving/' || n.code,
        o.created_at, o.expires_at from new n, payment_order o where o.id = $1),
lines as (
    insert into payment_order_line ("order", number, reason, account, amount_fen, cause_kind, cause_id,
        restriction)
    select n.order_id, l.number, l.reason, l.account, l.amount_fen, l.cause_kind, n.gift_id, l.restriction
    from new n, payment_order_line l where l."order" = $1),
gifts as (
    insert into fund_gift (id, fund, organization, display, amount_fen, method, "order", receipt_no,
        received_on, trace_code, state, recorded_at)
    select n.gift_id, g.fund, g.organization, g.display, g.amount_fen, g.method, n.order_id,
        'W-' || n.order_id, g.received_on, n.code, g.state, g.recorded_at
    from new n, fund_gift g where g."order" = $1)
insert into payment_attempt (id, "order", merchant, reference, state, amount_fen, external_id, created_at,
    expires_at)
select n.attempt_id, n.order_id, $2, n.code, $4::text, o.total_fen,
    case $4::text when 'pending' then 'cs_' || n.code end, o.created_at, o.expires_at
from new n, payment_order o where o.id = $1 returning id, reference"""
TELL = """
with told as (
    insert into payment_notification (merchant, external_id, kind, reference, received_at)
    select $1, 'evt_' || reference, 'checkout.session.completed', reference, $3
    from unnest($2::text[]) as r (reference) returning id)
insert into job (name, args, due_at, priority, key)
select 'core.take_notification', jsonb_build_object('notification_id', id), $3, -1, 'take:' || id from told"""
