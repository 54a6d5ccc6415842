-- Lots are drawn as before, but all of them in one statement: a use that draws 10,000 took a second in a loop.

-- Draw the lots of one transfer's giving legs and hand them to its receiving ones, in the order of the
-- legs; what is left over has gone out of the world of lots. The accounts are locked.
create or replace function ledger_draw_lots(
    transfer_id bigint, occurred_at timestamptz, accounts bigint[], amounts bigint[], terms jsonb
) returns void language plpgsql as $$
declare
    drawn_from bigint[] := '{}';
    drawn_lot bigint[] := '{}';
    drawn bigint[] := '{}';
    lots_here bigint[];
    taken_here bigint[];
    last_one bigint;
    whole int;
begin
    for leg in 1..cardinality(accounts) loop
        continue when amounts[leg] >= 0;
        select coalesce(array_agg(r.lot order by r.n), '{}'),
            coalesce(array_agg(least(r.amount, -amounts[leg] - r.before) order by r.n), '{}'),
            (array_agg(r.amount order by r.n desc))[1]
        into lots_here, taken_here, last_one from (
            select p.lot, p.amount, p.n,
                (sum(p.amount) over (order by p.n rows unbounded preceding) - p.amount)::bigint as before
            from ledger_parts(accounts[leg], occurred_at, terms -> leg - 1)
                with ordinality as p (lot, amount, n)) r
        where r.before < -amounts[leg];
        if (select coalesce(sum(taken), 0) from unnest(taken_here) taken) < -amounts[leg] then
            raise exception 'not enough in the lots that may be used' using errcode = '23514',
                constraint = 'ledger_lot_short';
        end if;
        whole := cardinality(lots_here);
        if taken_here[whole] < last_one then -- only of the last one something can stay
            update ledger_lot_part set amount = last_one - taken_here[whole]
            where account = accounts[leg] and lot = lots_here[whole];
            whole := whole - 1;
        end if;
        delete from ledger_lot_part where account = accounts[leg] and lot = any(lots_here[:whole]);
        drawn_from := drawn_from || array_fill(accounts[leg], array[cardinality(lots_here)]);
        drawn_lot := drawn_lot || lots_here;
        drawn := drawn || taken_here;
    end loop;
    if (select coalesce(sum(amount) filter (where amount > 0), 0) from unnest(amounts) amount)
            > (select coalesce(sum(amount), 0) from unnest(drawn) amount) then
        raise exception 'a leg receives both lots and what is none' using errcode = '23514',
            constraint = 'ledger_lot_mixed';
    end if;
    perform ledger_put_parts(transfer_id, drawn_from, drawn_lot, drawn, accounts, amounts);
end $$;

-- What was drawn and what is to be received lie side by side on one line; a move is where two pieces overlap.
create function ledger_put_parts(
    transfer_id bigint, drawn_from bigint[], drawn_lot bigint[], drawn bigint[],
    accounts bigint[], amounts bigint[]
) returns void language sql as $$
    with given as (
        select g.giver, g.lot, g.n, sum(g.amount) over (order by g.n rows unbounded preceding) as upto,
            g.amount
        from unnest(drawn_from, drawn_lot, drawn) with ordinality as g (giver, lot, amount, n)),
    asked as (
        select r.account, r.n, sum(r.amount) over (order by r.n rows unbounded preceding) as upto, r.amount
        from unnest(accounts, amounts) with ordinality as r (account, amount, n) where r.amount > 0),
    places as (
        select account, n, upto - amount as since, upto from asked
        union all
        select null, cardinality(accounts) + 1, coalesce((select max(upto) from asked), 0), 'infinity'),
    moves as (
        select given.giver, given.lot, places.account,
            (least(given.upto, places.upto) - greatest(given.upto - given.amount, places.since))::bigint
                as amount,
            given.n as first, places.n as second
        from given join places on places.since < given.upto and places.upto > given.upto - given.amount),
    moved as (
        insert into ledger_lot_move (transfer, lot, from_account, to_account, amount)
        select transfer_id, lot, giver, account, amount from moves order by first, second
        returning id, lot, to_account, amount)
    insert into ledger_lot_part as p (account, lot, amount, arrived)
    select to_account, lot, sum(amount), max(id) from moved where to_account is not null
    group by to_account, lot order by max(id)
    on conflict (account, lot) do update
    set amount = p.amount + excluded.amount, arrived = excluded.arrived
$$;
