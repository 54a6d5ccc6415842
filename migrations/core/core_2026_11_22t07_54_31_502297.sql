-- Legs and lines get keys of their own columns: the transfer and the number of the leg in it. One index
-- each instead of four. The next migration drops the tables of before.
create table ledger_entry_next (
    transfer bigint not null,
    leg smallint not null,
    account bigint not null,
    amount bigint not null constraint ledger_entry_amount_next check (amount <> 0),
    constraint ledger_entry_next_pkey primary key (transfer, leg)
);
insert into ledger_entry_next (transfer, leg, account, amount)
select transfer, row_number() over (partition by transfer order by id), account, amount from ledger_entry;

create table ledger_line_next (
    account bigint not null,
    number bigint not null,
    transfer bigint not null,
    leg smallint not null,
    balance bigint not null,
    constraint ledger_line_next_pkey primary key (account, number)
);
insert into ledger_line_next (account, number, transfer, leg, balance)
select l.account, l.number, e.transfer, e.leg, l.balance
from ledger_line l
join (select id, transfer, row_number() over (partition by transfer order by id) as leg from ledger_entry) e
    on e.id = l.entry;

-- A transfer's unit is that of its accounts, which is declared; its reason's key grows in the last step.
alter table ledger_transfer drop constraint ledger_transfer_unit_fkey;
alter table ledger_transfer drop constraint ledger_transfer_reason_fkey;
alter table ledger_transfer drop constraint ledger_transfer_reverses_fkey;
drop function ledger_post;
