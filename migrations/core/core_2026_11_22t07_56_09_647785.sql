-- The ledger's rules, kept for whoever writes, and its functions.

alter table ledger_entry_next rename to ledger_entry;
alter table ledger_entry rename constraint ledger_entry_next_pkey to ledger_entry_pkey;
alter table ledger_entry rename constraint ledger_entry_amount_next to ledger_entry_amount;
alter table ledger_line_next rename to ledger_line;
alter table ledger_line rename constraint ledger_line_next_pkey to ledger_line_pkey;

-- Legs that wait for the fold. Rows live for seconds: vacuum by count, not by share.
create table ledger_queue (
    account bigint not null,
    transfer bigint not null,
    leg smallint not null,
    amount bigint not null,
    constraint ledger_queue_pkey primary key (account, transfer, leg)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- An account as people see it: what waits counts as much as what is folded.
create view ledger_balance as
select a.id, a.owner_kind, a.owner_id, a.kind, a.unit, a.floor, a.tracks_lots,
    a.balance + q.coming as balance, a.lines + q.waiting as lines
from ledger_account a
cross join lateral (
    select coalesce(sum(amount), 0)::bigint as coming, count(*) as waiting
    from ledger_queue where account = a.id) q;

create table ledger_lot (
    id bigserial primary key,
    account bigint not null references ledger_account (id),
    transfer bigint not null references ledger_transfer (id),
    leg smallint not null,
    restriction varchar(60) not null,
    expires_on date,
    origin_kind varchar(60) not null,
    origin_id bigint not null,
    amount bigint not null constraint ledger_lot_amount check (amount > 0),
    received_at timestamptz not null
);
create index ledger_lot_origin on ledger_lot (origin_kind, origin_id);
create index ledger_lot_account on ledger_lot (account, id);
create index ledger_lot_transfer on ledger_lot (transfer);
create index ledger_lot_expiring on ledger_lot (expires_on) where expires_on is not null;

-- Where the parts of a lot lie now. `arrived`: the move that brought the last of it.
create table ledger_lot_part (
    account bigint not null references ledger_account (id),
    lot bigint not null references ledger_lot (id),
    amount bigint not null constraint ledger_lot_part_amount check (amount > 0),
    arrived bigint not null,
    constraint ledger_lot_part_pkey primary key (account, lot)
);
create index ledger_lot_part_lot on ledger_lot_part (lot);

-- From no account: received. To no account: given away, to somebody whose kind of account knows no lots.
create table ledger_lot_move (
    id bigserial primary key,
    transfer bigint not null references ledger_transfer (id),
    lot bigint not null references ledger_lot (id),
    from_account bigint,
    to_account bigint,
    amount bigint not null constraint ledger_lot_move_amount check (amount > 0),
    constraint ledger_lot_move_somewhere check (from_account is distinct from to_account)
);
create index ledger_lot_move_transfer on ledger_lot_move (transfer);
create index ledger_lot_move_lot on ledger_lot_move (lot, id);

create trigger ledger_entry_append_only before update or delete or truncate on ledger_entry
    for each statement execute function refuse_change();
create trigger ledger_line_append_only before update or delete or truncate on ledger_line
    for each statement execute function refuse_change();
create trigger ledger_lot_append_only before update or delete or truncate on ledger_lot
    for each statement execute function refuse_change();
create trigger ledger_lot_move_append_only before update or delete or truncate on ledger_lot_move
    for each statement execute function refuse_change();
create trigger evidence_append_only before update or delete or truncate on evidence
    for each statement execute function refuse_change();
create trigger evidence_use_append_only before update or delete or truncate on evidence_use
    for each statement execute function refuse_change();
drop trigger ledger_account_same on ledger_account;
create trigger ledger_account_same before update on ledger_account for each row
    when ((old.owner_kind, old.owner_id, old.kind, old.unit, old.floor, old.tracks_lots)
        is distinct from (new.owner_kind, new.owner_id, new.kind, new.unit, new.floor, new.tracks_lots))
    execute function refuse_change();

-- A reason that requires evidence gets evidence of that kind, about the very thing that caused the
-- transfer; and each piece serves each purpose once, for transfers and for everything else.
update ledger_reason set purpose = code;
alter table ledger_reason add constraint ledger_reason_gate unique (code, evidence_kind);
alter table ledger_transfer
    add constraint ledger_transfer_reason_fkey foreign key (reason, evidence_kind)
        references ledger_reason (code, evidence_kind),
    add constraint ledger_transfer_reverses_fkey foreign key (reverses) references ledger_transfer (id);
alter table evidence add constraint evidence_about unique (id, kind, subject_kind, subject_id);
alter table ledger_transfer
    add constraint ledger_transfer_evidence check ((evidence is null) = (evidence_kind = '')),
    add constraint ledger_transfer_evidence_fkey foreign key (evidence, evidence_kind, cause_kind, cause_id)
        references evidence (id, kind, subject_kind, subject_id);
create index evidence_subject on evidence (subject_kind, subject_id, id);
alter table evidence_use add constraint evidence_use_once unique (evidence, purpose);
create unique index ledger_transfer_reverses_key on ledger_transfer (reverses) where reverses is not null;
create index ledger_transfer_evidence_use on ledger_transfer (evidence) where evidence is not null;

create function ledger_use_evidence() returns trigger language plpgsql as $$
begin
    insert into evidence_use (evidence, purpose, user_kind, user_id)
    select new.evidence, r.purpose, 'transfer', new.id from ledger_reason r where r.code = new.reason;
    return null;
end $$;
create trigger ledger_transfer_uses_evidence after insert on ledger_transfer for each row
    when (new.evidence is not null) execute function ledger_use_evidence();

-- Legs of a transfer come in one statement, numbered from 1, sum to zero, and move accounts of its unit
-- only; those of a reversal are the opposite of what they reverse. The check also stands in for foreign
-- keys from leg to transfer and account, which would lock a busy account's row once more for each leg.
create or replace function ledger_check_entries() returns trigger language plpgsql
    set enable_seqscan = off as $$
declare
    wrong text;
begin
    select into wrong case
        when sum(e.amount) <> 0 then 'ledger_entry_balance'
        when not bool_and(coalesce(t.unit = a.unit, false)) then 'ledger_entry_unit'
        when min(e.leg) <> 1 or max(e.leg) <> count(*) then 'ledger_entry_closed'
        else 'ledger_entry_reversal' end
    from new_entries e
    left join ledger_transfer t on t.id = e.transfer
    left join ledger_account a on a.id = e.account
    group by e.transfer, t.id
    having sum(e.amount) <> 0 or not bool_and(coalesce(t.unit = a.unit, false))
        or min(e.leg) <> 1 or max(e.leg) <> count(*)
        or t.reverses is not null and not ledger_is_reversal(e.transfer, t.reverses);
    if found then
        raise exception using errcode = '23514', constraint = wrong, message = case wrong
            when 'ledger_entry_balance' then 'entries do not sum to zero'
            when 'ledger_entry_unit' then 'entries without a transfer and an account of one unit'
            when 'ledger_entry_closed' then 'entries added to an old transfer, or not numbered from 1'
            else 'entries that are not the opposite of what they reverse' end;
    end if;
    return null;
end $$;
create trigger ledger_entry_checked after insert on ledger_entry
    referencing new table as new_entries
    for each statement execute function ledger_check_entries();

create function ledger_is_reversal(reversal bigint, reversed bigint) returns boolean language sql stable as $$
    select not exists (
        select from (
            select account, amount from ledger_entry where transfer = reversal
            union all
            select account, amount from ledger_entry where transfer = reversed) e
        group by account having sum(amount) <> 0)
    and (select unit from ledger_transfer where id = reversal)
        = (select unit from ledger_transfer where id = reversed)
    and (select reverses from ledger_transfer where id = reversed) is null
$$;

-- Add waiting legs to the balances of these accounts, at most `most` of them, and append their lines. What
-- comes in is numbered before what goes out, so that no line shows a balance below the floor. Returns how
-- many. The caller holds the accounts' locks.
create function ledger_fold(accounts bigint[], most bigint) returns bigint language plpgsql
    set enable_seqscan = off as $$
declare
    folded bigint;
begin
    with taken as (
        delete from ledger_queue q using (
            select account, transfer, leg from ledger_queue
            where account = any(accounts) order by account, transfer, leg limit most) f
        where q.account = f.account and q.transfer = f.transfer and q.leg = f.leg
        returning q.account, q.transfer, q.leg, q.amount),
    moved as (
        update ledger_account a set balance = a.balance + n.amount, lines = a.lines + n.legs
        from (select account, sum(amount)::bigint as amount, count(*) as legs from taken group by account) n
        where a.id = n.account and a.id = any(accounts)
        returning a.id, a.balance, a.lines)
    insert into ledger_line (account, number, transfer, leg, balance)
    select t.account, m.lines - count(*) over later, t.transfer, t.leg,
        m.balance - coalesce(sum(t.amount) over later, 0)
    from taken t join moved m on m.id = t.account
    window later as (
        partition by t.account order by t.amount < 0, t.transfer, t.leg
        rows between 1 following and unbounded following);
    get diagnostics folded = row_count;
    return folded;
end $$;

-- Lock accounts in id order and fold what waits: their balances are then true until COMMIT.
create function ledger_hold(accounts bigint[]) returns table (id bigint, balance bigint) language plpgsql
    set enable_seqscan = off as $$
begin
    perform from ledger_account a where a.id = any(accounts) order by a.id for no key update;
    perform ledger_fold(accounts, null);
    return query select a.id, a.balance from ledger_account a where a.id = any(accounts);
end $$;

-- The fold as a job: up to `most` waiting legs of accounts after `past`, passing over accounts that a
-- verb holds just now. Returns the last account looked at (null: none is left after `past`).
create function ledger_fold_next(past bigint, most bigint, out reached bigint, out folded bigint)
    language plpgsql set enable_seqscan = off as $$
declare
    picked bigint[];
begin
    select max(q.account) into reached from (
        select account from ledger_queue where account > past order by account limit most) q;
    select array_agg(l.id) into picked from (
        select id from ledger_account where id in (
            select account from ledger_queue where account > past and account <= reached)
        order by id for no key update skip locked) l;
    folded := case when picked is null then 0 else ledger_fold(picked, most) end;
end $$;

-- What the product hands over: one array a function, one element a row.
create type ledger_transfer_item as (
    key text, unit text, reason text, evidence bigint, evidence_kind text, cause_kind text, cause_id bigint,
    note text, fingerprint bytea, reverses bigint, occurred_at timestamptz, posted_at timestamptz
);
create type ledger_leg_item as (transfer int, leg smallint, account bigint, amount bigint);

-- Write transfers with their legs; `transfer` of a leg counts transfers from 1. `lots`: terms of legs that
-- need some, else null. Returns the transfers' ids. A key used before raises YJ001 with the detail
-- "<transfer id> same|other".
-- A leg that cannot break a floor locks nothing and waits in the queue; an account that gives from behind
-- a floor, or whose lots move, is locked in id order and folded at once.
-- Without sequential scans: plans are made while the tables are small and kept while they grow.
create function ledger_post(transfers ledger_transfer_item[], legs ledger_leg_item[], lots jsonb)
    returns bigint[] language plpgsql set enable_seqscan = off as $$
declare
    ids bigint[];
    held bigint[];
    written bigint;
    taken record;
begin
    -- Accounts before keys, as post_many() does: nobody waits for another's key with an account to come.
    select array_agg(h.id) into held from (
        select a.id from ledger_account a
        where a.id = any(array(select account from unnest(legs)))
            and (a.tracks_lots or a.floor is not null
                and a.id in (select account from unnest(legs) where amount < 0))
        order by a.id for no key update) h;

    for n in 1..cardinality(transfers) loop
        ids[n] := nextval('ledger_transfer_id_seq');
    end loop;
    insert into ledger_transfer (
        id, key, unit, reason, evidence, evidence_kind, cause_kind, cause_id, note, fingerprint, reverses,
        occurred_at, posted_at)
    select ids[t.n], t.key, t.unit, t.reason, t.evidence, t.evidence_kind, t.cause_kind, t.cause_id, t.note,
        t.fingerprint, t.reverses, t.occurred_at, t.posted_at
    from unnest(transfers) with ordinality as t(key, unit, reason, evidence, evidence_kind, cause_kind,
        cause_id, note, fingerprint, reverses, occurred_at, posted_at, n)
    order by t.evidence, t.key -- so that two units of work never wait for each other's crosswise
    on conflict (key) do nothing;
    get diagnostics written = row_count;
    if written < cardinality(transfers) then
        select t.id, t.fingerprint = n.fingerprint as same into taken
        from unnest(transfers) n join ledger_transfer t on t.key = n.key and t.id <> all(ids)
        order by same nulls first limit 1;
        raise exception 'transfer key used before' using errcode = 'YJ001',
            detail = taken.id || case when taken.same then ' same' else ' other' end;
    end if;

    with written as (
        insert into ledger_entry (transfer, leg, account, amount)
        select ids[e.transfer], e.leg, e.account, e.amount from unnest(legs) e
        returning transfer, leg, account, amount)
    insert into ledger_queue (account, transfer, leg, amount)
    select account, transfer, leg, amount from written;
    if held is not null then
        perform ledger_fold(held, null);
        perform ledger_move_lots(ids, transfers, legs, lots);
    end if;
    return ids;
end $$;

-- Lots follow their accounts: what a kind with lots receives becomes a lot; what it gives is drawn from
-- lots; what one such account gives another keeps its lot, with origin, restriction and age. A reversal
-- undoes exactly the moves of what it reverses. The accounts are locked.
create function ledger_move_lots(
    ids bigint[], transfers ledger_transfer_item[], legs ledger_leg_item[], lots jsonb
) returns void language plpgsql as $$
declare
    one record;
    receiving int[];
begin
    select array_agg(n.transfer) filter (where n.receives_only) into receiving from (
        select e.transfer, not bool_or(e.amount < 0) and transfers[e.transfer].reverses is null as receives_only
        from unnest(legs) e join ledger_account a on a.id = e.account and a.tracks_lots
        group by e.transfer) n;
    if receiving is not null then
        with received as (
            insert into ledger_lot (account, transfer, leg, restriction, expires_on, origin_kind, origin_id,
                amount, received_at)
            select e.account, ids[e.transfer], e.leg, coalesce(terms.restriction, ''), terms.expires_on,
                coalesce(terms.origin_kind, transfers[e.transfer].cause_kind),
                coalesce(terms.origin_id, transfers[e.transfer].cause_id), e.amount,
                transfers[e.transfer].occurred_at
            from unnest(legs) e
            join ledger_account a on a.id = e.account and a.tracks_lots
            left join jsonb_to_recordset(lots) as terms(
                transfer int, leg smallint, restriction text, expires_on date, origin_kind text,
                origin_id bigint) on terms.transfer = e.transfer and terms.leg = e.leg
            where e.transfer = any(receiving)
            order by e.transfer, e.leg
            returning id, account, transfer, amount),
        moved as (
            insert into ledger_lot_move (transfer, lot, to_account, amount)
            select transfer, id, account, amount from received order by id
            returning id, lot, to_account, amount)
        insert into ledger_lot_part (account, lot, amount, arrived)
        select to_account, lot, amount, id from moved;
    end if;
    for one in
        select e.transfer, array_agg(e.account order by e.leg) as accounts,
            array_agg(e.amount order by e.leg) as amounts, jsonb_agg(to_jsonb(terms) order by e.leg) as terms
        from unnest(legs) e
        join ledger_account a on a.id = e.account and a.tracks_lots
        left join jsonb_to_recordset(lots) as terms(
            transfer int, leg smallint, restriction text, draw text, origin_kind text, origin_id bigint)
            on terms.transfer = e.transfer and terms.leg = e.leg
        where receiving is null or e.transfer <> all(receiving)
        group by e.transfer order by e.transfer
    loop
        if transfers[one.transfer].reverses is null then
            perform ledger_draw_lots(ids[one.transfer], transfers[one.transfer].occurred_at,
                one.accounts, one.amounts, one.terms);
        else
            perform ledger_undo_lots(ids[one.transfer], transfers[one.transfer].reverses);
        end if;
    end loop;
end $$;

-- Draw the lots of one transfer's giving legs and hand them to its receiving ones, in the order of the
-- legs; what is left over has gone out of the world of lots.
create function ledger_draw_lots(
    transfer_id bigint, occurred_at timestamptz, accounts bigint[], amounts bigint[], terms jsonb
) returns void language plpgsql as $$
declare
    drawn_from bigint[] := '{}';
    drawn_lot bigint[] := '{}';
    drawn bigint[] := '{}';
    need bigint;
    take bigint;
    part record;
    at int := 1;
begin
    for leg in 1..cardinality(accounts) loop
        need := -amounts[leg];
        continue when need <= 0;
        for part in select * from ledger_parts(accounts[leg], occurred_at, terms -> leg - 1) loop
            exit when need = 0;
            take := least(need, part.amount);
            perform ledger_take_part(accounts[leg], part.lot, take);
            drawn_from := drawn_from || accounts[leg];
            drawn_lot := drawn_lot || part.lot;
            drawn := drawn || take;
            need := need - take;
        end loop;
        if need > 0 then
            raise exception 'not enough in the lots that may be used' using errcode = '23514',
                constraint = 'ledger_lot_short';
        end if;
    end loop;
    for leg in 1..cardinality(accounts) loop
        need := amounts[leg];
        while need > 0 loop
            if at > cardinality(drawn) then
                raise exception 'a leg receives both lots and what is none' using errcode = '23514',
                    constraint = 'ledger_lot_mixed';
            end if;
            take := least(need, drawn[at]);
            perform ledger_put_part(transfer_id, drawn_lot[at], drawn_from[at], accounts[leg], take);
            need := need - take;
            drawn[at] := drawn[at] - take;
            at := at + (drawn[at] = 0)::int;
        end loop;
    end loop;
    while at <= cardinality(drawn) loop
        perform ledger_put_part(transfer_id, drawn_lot[at], drawn_from[at], null, drawn[at]);
        at := at + 1;
    end loop;
end $$;

-- The parts of an account that may be drawn, in the order of drawing. `terms`: null, or an object with
-- `draw`: use (the default: lots of `restriction` first, then free ones; never expired ones), any (whatever
-- is there), return (last drawn first), expired; and an origin to draw from alone.
create function ledger_parts(account_id bigint, occurred_at timestamptz, terms jsonb)
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
                and (w.origin_kind is not null or l.restriction in (w.restriction, ''))
            else true end
    order by case when w.draw = 'return' then p.arrived end desc, l.restriction = '', l.expires_on,
        l.received_at, l.id
$$;

create function ledger_undo_lots(transfer_id bigint, undone_id bigint) returns void language plpgsql as $$
declare
    one record;
begin
    for one in select * from ledger_lot_move where transfer = undone_id order by id desc loop
        perform ledger_take_part(one.to_account, one.lot, one.amount);
        perform ledger_put_part(transfer_id, one.lot, one.to_account, one.from_account, one.amount);
    end loop;
end $$;

create function ledger_take_part(giver bigint, lot_id bigint, taken bigint) returns void language plpgsql as $$
declare
    there bigint;
begin
    if giver is null then
        return;
    end if;
    select amount into there from ledger_lot_part where account = giver and lot = lot_id for update;
    if there is null or there < taken then
        raise exception 'this part of the lot is not there any more' using errcode = '23514',
            constraint = 'ledger_lot_short';
    elsif there = taken then
        delete from ledger_lot_part where account = giver and lot = lot_id;
    else
        update ledger_lot_part set amount = amount - taken where account = giver and lot = lot_id;
    end if;
end $$;

create function ledger_put_part(
    transfer_id bigint, lot_id bigint, giver bigint, receiver bigint, moved bigint
) returns void language plpgsql as $$
declare
    move_id bigint;
begin
    insert into ledger_lot_move (transfer, lot, from_account, to_account, amount)
    values (transfer_id, lot_id, giver, receiver, moved) returning id into move_id;
    if receiver is not null then
        insert into ledger_lot_part as p (account, lot, amount, arrived)
        values (receiver, lot_id, moved, move_id)
        on conflict (account, lot) do update set amount = p.amount + moved, arrived = move_id;
    end if;
end $$;

-- Audit events, jobs and events of a unit of work, each kind in one call before its COMMIT.
create type audit_item as (
    happened_at timestamptz, actor_id bigint, action text, subject_kind text, subject_id bigint, facts jsonb
);
create function audit_write(events audit_item[]) returns void language plpgsql as $$
begin
    insert into audit_event (happened_at, actor_id, action, subject_kind, subject_id, facts)
    select * from unnest(events);
end $$;

create type job_item as (name text, args jsonb, due_at timestamptz, priority smallint, key text);
create function job_write(jobs job_item[]) returns void language plpgsql as $$
begin
    insert into job (name, args, due_at, priority, key) select * from unnest(jobs) on conflict (key) do nothing;
end $$;

create type event_item as (
    happened_at timestamptz, name text, subject_kind text, subject_id bigint, facts jsonb, subscribers text[]
);
-- Events with a delivery, and a job called `deliver`, for each subscriber.
create function event_write(events event_item[], deliver text) returns void language plpgsql as $$
declare
    ids bigint[];
begin
    for n in 1..cardinality(events) loop
        ids[n] := nextval('event_id_seq');
    end loop;
    insert into event (id, happened_at, name, subject_kind, subject_id, facts)
    select ids[e.n], e.at, e.name, e.kind, e.subject, e.facts
    from unnest(events) with ordinality as e(at, name, kind, subject, facts, subscribers, n);
    with made as (
        insert into event_delivery (event, plugin, subject_kind, subject_id)
        select ids[e.n], s.plugin, e.kind, e.subject
        from unnest(events) with ordinality as e(at, name, kind, subject, facts, subscribers, n),
            unnest(e.subscribers) with ordinality as s(plugin, place)
        order by e.n, s.place
        returning id)
    insert into job (name, args, due_at)
    select deliver, jsonb_build_object('delivery_id', made.id), events[1].happened_at from made order by made.id;
end $$;
