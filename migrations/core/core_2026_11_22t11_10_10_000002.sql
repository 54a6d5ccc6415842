-- Who names the gift that he uses is bound by what it was given for all the same. Refunds and expiry, which
-- are no uses, have their own ways of drawing.
create or replace function ledger_parts(account_id bigint, occurred_at timestamptz, terms jsonb)
    returns table (lot bigint, amount bigint) language sql stable as $$
    with wanted as (
        select coalesce(terms ->> 'draw', 'use') as draw, coalesce(terms ->> 'restriction', '') as restriction,
            terms ->> 'origin_kind' as origin_kind, (terms ->> 'origin_id')::bigint as origin_id,
            (occurred_at at time zone 'Asia/Shanghai')::date as day)
    select p.lot, p.amount
    from ledger_lot_part p join ledger_lot l on l.id = p.lot, wanted w
    where p.account = account_id
        and (w.origin_kind is null or (l.origin_kind, l.origin_id) = (w.origin_kind, w.origin_id))
        and case w.draw
            when 'expired' then l.expires_on < w.day
            when 'use' then (l.expires_on is null or l.expires_on >= w.day)
                and l.restriction in (w.restriction, '')
            else true end
    order by case when w.draw = 'return' then p.arrived end desc, l.restriction = '', l.expires_on,
        l.received_at, l.id
$$;
