-- What came into funds and what became of it, as sums: a fund's page reads these, not its fifty thousand
-- gifts. Written by the fold alone, up to a move that is settled; what came later is read as it stands.
create table fund_flow (
    fund bigint not null,
    restriction varchar(60) not null,
    quarter smallint not null, -- year * 4 + quarter - 1, at home
    reason varchar(60) not null,
    is_change boolean not null,
    came bigint not null, -- from outside to the fund
    went bigint not null, -- from the fund to the outside
    aside bigint not null, -- from the fund to what is set aside, net of what came back
    paid bigint not null, -- from what was set aside to the outside
    gifts bigint not null, -- how many came, less those that were bound anew
    constraint fund_flow_pkey primary key (fund, restriction, quarter, reason, is_change)
);
-- From which purposes the money of a request is.
create table fund_flow_use (
    request bigint not null,
    restriction varchar(60) not null,
    aside bigint not null,
    constraint fund_flow_use_pkey primary key (request, restriction)
);
create table fund_flow_upto (
    id smallint primary key default 1 constraint fund_flow_upto_one check (id = 1),
    move bigint not null
);
insert into fund_flow_upto (move) values (0);

create view fund_move as
select m.id, a.owner_id as fund, l.restriction,
    (extract(year from t.occurred_at at time zone 'Asia/Shanghai') * 4
        + extract(quarter from t.occurred_at at time zone 'Asia/Shanghai') - 1)::smallint as quarter,
    case t.cause_kind when 'fund_request' then t.cause_id else 0 end as request,
    t.reason, t.cause_kind = 'fund_change' as is_change,
    case when m.from_account is null and m.to_account = l.account then m.amount else 0 end as came,
    case when m.from_account = l.account and m.to_account is null then m.amount else 0 end as went,
    case when m.from_account = l.account and m.to_account is not null then m.amount
        when m.from_account is not null and m.to_account = l.account then -m.amount else 0 end as aside,
    case when m.to_account is null and m.from_account <> l.account then m.amount
        when m.from_account is null and m.to_account <> l.account then -m.amount else 0 end as paid,
    case when m.from_account is null and m.to_account = l.account and t.reverses is null then 1
        when m.to_account is null and t.cause_kind = 'fund_change' and m.amount = l.amount then -1
        else 0 end as gifts
from ledger_lot_move m
join ledger_lot l on l.id = m.lot
join ledger_account a on a.id = l.account and a.owner_kind = 'fund' and a.kind = 'core.fund'
join ledger_transfer t on t.id = m.transfer;

-- Both halves as one statement sees them: a stable function reads in the snapshot of who calls it. The
-- border stands in the text of the query, so that the planner knows how little lies behind it.
create function fund_flows(fund_ids bigint[]) returns setof fund_flow language plpgsql stable
    set enable_seqscan = off as $$
begin
    return query select * from fund_flow where fund = any(fund_ids);
    return query execute format(
        'select fund, restriction, quarter, reason, is_change, came, went, aside, paid, gifts::bigint'
        ' from fund_move where id > %s and fund = any($1)', (select move from fund_flow_upto)) using fund_ids;
end $$;

create function fund_flow_uses(requests bigint[]) returns setof fund_flow_use language plpgsql stable
    set enable_seqscan = off as $$
begin
    return query select * from fund_flow_use where request = any(requests);
    return query execute format(
        'select request, restriction, aside from fund_move where id > %s and request = any($1)',
        (select move from fund_flow_upto)) using requests;
end $$;

-- Adds what was moved up to `upto`, at most `most` moves of it; returns whether there is more.
create function fold_fund_flows(upto bigint, most bigint) returns boolean language plpgsql as $$
declare
    since bigint;
    till bigint;
begin
    select move into since from fund_flow_upto for update;
    till := least(upto, since + most);
    if till <= since then
        return false;
    end if;
    execute format('insert into fund_flow as f
        select fund, restriction, quarter, reason, is_change, sum(came), sum(went), sum(aside), sum(paid),
            sum(gifts)
        from fund_move where id > %s and id <= %s
        group by fund, restriction, quarter, reason, is_change
        on conflict on constraint fund_flow_pkey do update set came = f.came + excluded.came,
            went = f.went + excluded.went, aside = f.aside + excluded.aside, paid = f.paid + excluded.paid,
            gifts = f.gifts + excluded.gifts', since, till);
    execute format('insert into fund_flow_use as u
        select request, restriction, sum(aside) from fund_move where id > %s and id <= %s and aside <> 0
        group by request, restriction
        on conflict on constraint fund_flow_use_pkey do update set aside = u.aside + excluded.aside',
        since, till);
    update fund_flow_upto set move = till;
    return till < upto;
end $$;

-- The largest gifts to a purpose, the largest uses of a fund, and what is set aside now.
create index ledger_lot_largest on ledger_lot (account, restriction, amount desc, id)
    where origin_kind = 'fund_gift';
create index fund_request_largest on fund_request (fund, amount_fen desc, id)
    where state in ('held', 'prepared', 'paid', 'reported');
create index fund_request_aside on fund_request (fund) where state in ('held', 'prepared');
