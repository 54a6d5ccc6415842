-- Checkpoints: the books as they stood when they were last proved. The newest keeps, of each account that
-- has moved, its folded balance and the number of its last line, and the legs that waited then; its head
-- signs them.
create table ledger_checkpoint (
    id bigserial primary key,
    upto bigint not null, -- no transfer up to here can appear any more, and all are proved
    beyond bigint[] not null, -- those after it that are proved too
    made_at timestamptz not null,
    statement text not null
);
create table ledger_checkpoint_account (
    checkpoint bigint not null,
    account bigint not null,
    balance bigint not null,
    lines bigint not null,
    constraint ledger_checkpoint_account_pkey primary key (checkpoint, account)
);
create table ledger_checkpoint_leg (
    checkpoint bigint not null,
    transfer bigint not null,
    leg smallint not null,
    account bigint not null,
    amount bigint not null,
    constraint ledger_checkpoint_leg_pkey primary key (checkpoint, transfer, leg)
);
create trigger ledger_checkpoint_append_only before update or delete or truncate on ledger_checkpoint
    for each statement execute function refuse_change();
-- What older checkpoints have kept is deleted.
create trigger ledger_checkpoint_account_same before update or truncate on ledger_checkpoint_account
    for each statement execute function refuse_change();
create trigger ledger_checkpoint_leg_same before update or truncate on ledger_checkpoint_leg
    for each statement execute function refuse_change();
