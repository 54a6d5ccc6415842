-- What the tables cannot say for themselves: the ledger's rules, kept for whoever writes.

-- Append-only logs.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = '23001';
end $$;

create trigger ledger_transfer_append_only before update or delete or truncate on ledger_transfer
    for each statement execute function refuse_change();
create trigger ledger_entry_append_only before update or delete or truncate on ledger_entry
    for each statement execute function refuse_change();
create trigger ledger_line_append_only before update or delete or truncate on ledger_line
    for each statement execute function refuse_change();
create trigger payment_append_only before update or delete or truncate on payment
    for each statement execute function refuse_change();
create trigger payment_order_line_append_only before update or delete or truncate on payment_order_line
    for each statement execute function refuse_change();
create trigger audit_event_append_only before update or delete or truncate on audit_event
    for each statement execute function refuse_change();

-- Entries of a transfer come in one statement, sum to zero, and move accounts of its unit only.
-- The check also stands in for foreign keys from entry to transfer and account, which would lock a
-- busy account's row once more for each entry.
create function ledger_check_entries() returns trigger language plpgsql as $$
declare
    wrong record;
begin
    -- Scalar subqueries, because they are looked up by key whatever the statistics say; a join would be
    -- planned for the empty tables of the first call and kept.
    select into wrong n.total <> 0 as is_unbalanced, not n.is_of_one_unit as is_mixed
    from (
        select e.transfer, sum(e.amount) as total, count(*) as entries,
            bool_and(coalesce((select t.unit from ledger_transfer t where t.id = e.transfer)
                = (select a.unit from ledger_account a where a.id = e.account), false)) as is_of_one_unit
        from new_entries e group by e.transfer) n
    where n.total <> 0 or not n.is_of_one_unit
        or n.entries <> (select count(*) from ledger_entry e where e.transfer = n.transfer)
    limit 1;
    if found then
        raise exception using errcode = '23514',
            message = case
                when wrong.is_unbalanced then 'entries do not sum to zero'
                when wrong.is_mixed then 'entries without a transfer and an account of one unit'
                else 'entries added to an old transfer' end,
            constraint = case
                when wrong.is_unbalanced then 'ledger_entry_balance'
                when wrong.is_mixed then 'ledger_entry_unit'
                else 'ledger_entry_closed' end;
    end if;
    return null;
end $$;

create trigger ledger_entry_checked after insert on ledger_entry
    referencing new table as new_entries
    for each statement execute function ledger_check_entries();

create index ledger_entry_transfer on ledger_entry (transfer);
create index ledger_entry_account on ledger_entry (account, id);
create index ledger_transfer_cause on ledger_transfer (cause_kind, cause_id);
alter table ledger_transfer add constraint ledger_transfer_reverses_fkey
    foreign key (reverses) references ledger_transfer (id);

-- An account is for ever, and for ever of one owner, kind and unit.
create trigger ledger_account_stays before delete or truncate on ledger_account
    for each statement execute function refuse_change();
create trigger ledger_account_same before update on ledger_account for each row
    when ((old.owner_kind, old.owner_id, old.kind, old.unit, old.floor)
        is distinct from (new.owner_kind, new.owner_id, new.kind, new.unit, new.floor))
    execute function refuse_change();

-- Write transfers with their entries, balances and statement lines. Arrays t_*: one element per
-- transfer; arrays e_*: one per entry, e_transfer counting transfers from 1. A key used before
-- raises YJ001 with the detail "<transfer id> same|other".
-- Without sequential scans: plans are made while the tables are small and kept while they grow (measured
-- after 100,000 new accounts: 166 calls a second, with this 3,600).
create function ledger_post(
    t_key text[], t_unit text[], t_reason text[], t_cause_kind text[], t_cause_id bigint[], t_note text[],
    t_fingerprint bytea[], t_reverses bigint[], t_occurred_at timestamptz[], posted_at timestamptz,
    e_transfer int[], e_account bigint[], e_amount bigint[]
) returns void language plpgsql set enable_seqscan = off as $$
declare
    transfer_ids bigint[];
    entry_ids bigint[];
    written bigint;
    taken record;
begin
    perform from ledger_account where id = any(e_account) order by id for no key update;

    select array_agg(nextval('ledger_transfer_id_seq')) into transfer_ids from unnest(t_key);
    insert into ledger_transfer (
        id, key, unit, reason, cause_kind, cause_id, note, fingerprint, reverses, occurred_at, posted_at)
    select n.id, n.key, n.unit, n.reason, n.cause_kind, n.cause_id, n.note, n.fingerprint, n.reverses,
        n.occurred_at, ledger_post.posted_at
    from unnest(transfer_ids, t_key, t_unit, t_reason, t_cause_kind, t_cause_id, t_note, t_fingerprint,
        t_reverses, t_occurred_at)
        as n(id, key, unit, reason, cause_kind, cause_id, note, fingerprint, reverses, occurred_at)
    on conflict (key) do nothing;
    get diagnostics written = row_count;
    if written < cardinality(t_key) then
        select t.id, t.fingerprint = n.fingerprint as same into taken
        from unnest(transfer_ids, t_key, t_fingerprint) as n(id, key, fingerprint)
        join ledger_transfer t on t.key = n.key and t.id <> n.id
        order by same nulls first limit 1;
        raise exception 'transfer key used before' using errcode = 'YJ001',
            detail = taken.id || case when taken.same then ' same' else ' other' end;
    end if;

    select array_agg(nextval('ledger_entry_id_seq')) into entry_ids from unnest(e_account);
    insert into ledger_entry (id, transfer, account, amount)
    select n.id, transfer_ids[n.transfer], n.account, n.amount
    from unnest(entry_ids, e_transfer, e_account, e_amount) as n(id, transfer, account, amount);

    -- Move the balances, and number the lines backwards from where that has left each account.
    with net as (
        select account, sum(amount)::bigint as amount, count(*) as entries
        from unnest(e_account, e_amount) as e(account, amount) group by account),
    moved as (
        update ledger_account a set balance = a.balance + net.amount, lines = a.lines + net.entries
        from net where a.id = net.account and a.id = any(e_account)
        returning a.id, a.balance, a.lines)
    insert into ledger_line (account, number, entry, balance)
    select n.account, m.lines - count(*) over later, n.id, m.balance - coalesce(sum(n.amount) over later, 0)
    from unnest(entry_ids, e_account, e_amount) as n(id, account, amount)
    join moved m on m.id = n.account
    window later as (partition by n.account order by n.id rows between 1 following and unbounded following);
end $$;

-- What is waiting is found at once, however long the tables have grown.
create index job_waiting on job (priority, due_at, id) where state = 'waiting';
create index job_sent on job (sent_at) where state = 'sent';
create index event_delivery_waiting on event_delivery (plugin, subject_kind, subject_id, id)
    where state = 'waiting';
create index audit_event_subject on audit_event (subject_kind, subject_id, id);
create index parameter_value_lookup on parameter_value (code, scope_kind, scope_id, effective_on desc);
create index region_parent on region (parent);
create unique index region_sibling_name on region (coalesce(parent, 0), name) where valid_to is null;

-- People: one open household each, one grant of a role in a scope.
create unique index household_member_now on household_member (person) where left_on is null;
create index household_member_household on household_member (household);
create unique index role_grant_now on role_grant (person, role, scope_kind, scope_id)
    where revoked_at is null;
create index session_expires on session (expires_at);
create index session_person on session (person);

-- Orders: the counter's queue, what expires, and the order of a thing.
create index payment_order_open on payment_order (payee, id) where state = 'open';
create index payment_order_expiring on payment_order (cause_kind, expires_at) where state = 'open';
create index payment_order_cause on payment_order (cause_kind, cause_id, id);
create index payment_order_line_order on payment_order_line ("order");

-- What a person, a household or a region has; and so that deleting one asks an index.
create index payment_order_payer on payment_order (payer);
create index payment_order_household on payment_order (household);
create index payment_confirmed_by on payment (confirmed_by);
create index household_region on household (region);
create index organization_region on organization (region);
create index role_grant_person on role_grant (person);
create index household_member_person on household_member (person);

create index notification_inbox on notification (person, id desc);
create index notification_unread on notification (person) where read_at is null;
