-- Gifts are numbered fund by fund; the n-th fund has a share of 1 / n. Of every fifty gifts of a purpose the
-- first forty are paid out for one request, five lie on the account of another one, five are left.
update organization set kind = 'foundation' where id <= :foundations;
set session_replication_role = replica; -- the books are proved when they stand

create temp table size as
select n as fund, greatest(1, round(:gifts / n::numeric / (select sum(1 / m::numeric) from generate_series(1, :funds) m)))::int as gifts
from generate_series(1, :funds) n;

insert into fund (id, organization, region, name, summary, state, founded_at)
select n, 1 + n % :foundations, 1, '样例微基金' || n, '', 'open', now() - interval '2 years'
from generate_series(1, :funds) n;
insert into fund_purpose (id, fund, title)
select (f - 1) * :purposes + p, f, '用途' || p
from generate_series(1, :funds) f, generate_series(1, :purposes) p;
insert into ledger_account (id, owner_kind, owner_id, kind, unit, floor, tracks_lots)
select n, 'fund', n, 'core.fund', 'CNY', 0, true from generate_series(1, :funds) n
union all select 2000000, 'organization', 1, 'core.fund_donors', 'CNY', null, false
union all select 2000001, 'organization', 1, 'core.fund_recipients', 'CNY', null, false;

-- n: the gift's number in its purpose, from 0.
create temp table given as
select row_number() over (order by s.fund, k) as id, s.fund, (s.fund - 1) * :purposes + 1 + k % :purposes as purpose,
    k / :purposes as n, (100 + (k * 7919 + s.fund) % 900 * 10)::bigint as amount,
    now() - interval '2 years' + interval '2 years' * k / s.gifts as at
from size s, generate_series(0, s.gifts - 1) k;

insert into fund_gift (id, fund, organization, purpose, donor, donor_name, nickname, display, amount_fen, method,
    receipt_no, received_on, trace_code, state, recorded_by, recorded_at, counted_at)
select id, fund, 1 + fund % :foundations, purpose, id % 1000 + 1, '样', '', 'name', amount, 'bank',
    'S' || id, at::date, 'trace' || id, 'counted', 1, at, at from given order by id;
insert into ledger_transfer (id, key, unit, reason, cause_kind, cause_id, fingerprint, occurred_at, posted_at)
select id, 'fund_gift:' || id, 'CNY', 'core.fund_gift', 'fund_gift', id, ''::bytea, at, at from given order by id;
insert into ledger_entry (transfer, leg, account, amount)
select id, 1, 2000000, -amount from given union all select id, 2, fund, amount from given order by 1, 2;
insert into ledger_lot (id, account, transfer, leg, restriction, origin_kind, origin_id, amount, received_at)
select id, fund, id, 2, 'purpose:' || purpose, 'fund_gift', id, amount, at from given order by id;
insert into ledger_lot_move (id, transfer, lot, to_account, amount)
select id, id, id, fund, amount from given order by id;

create temp table asked as
select row_number() over (order by fund, purpose, n / 50, use) as number, fund, purpose, n / 50 as turn, use,
    sum(amount)::bigint as amount, array_agg(id order by id) as gifts, max(at) as at
from (select *, case when n % 50 < 40 then 'reported' when n % 50 < 45 then 'held' end as use from given) g
where use is not null group by fund, purpose, n / 50, use;
insert into fund_request (id, fund, foundation, organization, purpose, title, amount_fen, state, asked_by, asked_at,
    checked_by, checked_at, prepared_by, payment_no, paid_by, paid_at, voucher_due_on, voucher_no, result,
    reported_by, reported_at)
select number, fund, 1 + fund % :foundations, 20, purpose, '样例用款' || number, amount, use, 2, at, 3, at,
    case use when 'reported' then 4 end, case use when 'reported' then 'P' || number end,
    case use when 'reported' then 3 end, case use when 'reported' then at end,
    case use when 'reported' then at::date end, case use when 'reported' then 'V1' else '' end, '',
    case use when 'reported' then 2 end, case use when 'reported' then at end from asked;
insert into fund_request_line (request, number, title, amount_fen) select number, 1, '全部', amount from asked;
insert into ledger_account (id, owner_kind, owner_id, kind, unit, floor, tracks_lots)
select 3000000 + number, 'fund_request', number, 'core.fund_held', 'CNY', 0, true from asked;
insert into ledger_transfer (id, key, unit, reason, cause_kind, cause_id, fingerprint, occurred_at, posted_at)
select 10000000 + number, 'fund_request:' || number || ':hold', 'CNY', 'core.fund_hold', 'fund_request', number, ''::bytea, at, at from asked
union all
select 20000000 + number, 'fund_request:' || number || ':payment', 'CNY', 'core.fund_payment', 'fund_request', number, ''::bytea, at, at
from asked where use = 'reported';
insert into ledger_entry (transfer, leg, account, amount)
select 10000000 + number, leg, case leg when 1 then fund else 3000000 + number end, case leg when 1 then -amount else amount end
from asked, generate_series(1, 2) leg
union all
select 20000000 + number, leg, case leg when 1 then 3000000 + number else 2000001 end, case leg when 1 then -amount else amount end
from asked, generate_series(1, 2) leg where use = 'reported';
insert into ledger_lot_move (id, transfer, lot, from_account, to_account, amount)
select 10000000 + g.id, 10000000 + a.number, g.id, a.fund, 3000000 + a.number, g.amount
from asked a cross join unnest(a.gifts) one join given g on g.id = one
union all
select 20000000 + g.id, 20000000 + a.number, g.id, 3000000 + a.number, null, g.amount
from asked a cross join unnest(a.gifts) one join given g on g.id = one where a.use = 'reported';
insert into ledger_lot_part (account, lot, amount, arrived)
select coalesce(3000000 + a.number, g.fund), g.id, g.amount, coalesce(10000000 + g.id, g.id)
from given g left join (select number, use, unnest(gifts) as gift from asked) a on a.gift = g.id
where a.use is distinct from 'reported';
update ledger_account a set balance = e.amount, lines = e.n from (
    select account, sum(amount) as amount, count(*) as n from ledger_entry group by account) e where e.account = a.id;
insert into ledger_line (account, number, transfer, leg, balance)
select account, row_number() over w, transfer, leg, sum(amount) over (w rows unbounded preceding)
from ledger_entry window w as (partition by account order by transfer);

select setval(pg_get_serial_sequence(t, 'id'), 30000000) from unnest(
    '{fund_gift,fund,fund_request,fund_purpose,ledger_transfer,ledger_lot,ledger_lot_move,ledger_account}'::text[]) t;
set session_replication_role = origin;
