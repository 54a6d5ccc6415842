-- What an approval never allows, whoever writes. Its row is the lock: everything below waits for it.

create unique index approval_open on approval (subject_kind, subject_id, purpose) where state = 'open';
create index approval_late on approval (deadline, id) where state = 'open';
create index approval_maker on approval (maker, id desc);
create index approval_voter_inbox on approval_voter (person, approval desc);
create index approval_vote_last on approval_vote (approval, person, id desc);
create unique index role_proposal_open on role_proposal (person, role, scope_kind, scope_id)
    where decided_at is null;
create index role_proposal_person on role_proposal (person);

-- Only voters vote and are recused.
alter table approval_recusal add constraint approval_recusal_voter
    foreign key (approval, person) references approval_voter (approval, person);
alter table approval_vote add constraint approval_vote_voter
    foreign key (approval, person) references approval_voter (approval, person);

-- Histories grow and never change; an approval is decided once, and nothing else of it changes.
create trigger approval_voter_append_only before update or delete or truncate on approval_voter
    for each statement execute function refuse_change();
create trigger approval_recusal_append_only before update or delete or truncate on approval_recusal
    for each statement execute function refuse_change();
create trigger approval_vote_append_only before update or delete or truncate on approval_vote
    for each statement execute function refuse_change();
create trigger approval_stays before delete or truncate on approval
    for each statement execute function refuse_change();
create trigger approval_decided_once before update on approval for each row
    when (old.state <> 'open'
        or to_jsonb(old) - '{state,closed_at}'::text[] <> to_jsonb(new) - '{state,closed_at}'::text[])
    execute function refuse_change();

-- Voters come all in one statement, as many as the approval says, without its maker.
create function approval_check_voters() returns trigger language plpgsql as $$
begin
    if exists (
        select from (select approval, count(*) as voters from new_voters group by approval) n
        join approval a on a.id = n.approval
        where n.voters <> a.voters
            or a.voters <> (select count(*) from approval_voter v where v.approval = a.id)) then
        raise exception 'the voters of an approval are fixed' using
            errcode = '23514', constraint = 'approval_voter_fixed';
    end if;
    if exists (select from new_voters n join approval a on a.id = n.approval where n.person = a.maker) then
        raise exception 'the maker does not vote' using
            errcode = '23514', constraint = 'approval_voter_maker';
    end if;
    return null;
end $$;

create trigger approval_voter_checked after insert on approval_voter
    referencing new table as new_voters
    for each statement execute function approval_check_voters();

create function approval_check_recusal() returns trigger language plpgsql as $$
begin
    perform from approval where id = new.approval and state = 'open' for no key update;
    if not found then
        raise exception 'the approval is closed' using
            errcode = '23514', constraint = 'approval_recusal_open';
    end if;
    return new;
end $$;

create trigger approval_recusal_checked before insert on approval_recusal
    for each row execute function approval_check_recusal();

-- A vote comes in time, from who is not recused, and once; what is taken back must be there.
create function approval_check_vote() returns trigger language plpgsql as $$
declare
    last_choice text;
begin
    perform from approval
        where id = new.approval and state = 'open' and new.cast_at < deadline for no key update;
    if not found then
        raise exception 'the approval is closed' using
            errcode = '23514', constraint = 'approval_vote_open';
    end if;
    select choice into last_choice from approval_vote
        where approval = new.approval and person = new.person order by id desc limit 1;
    if (new.choice = 'taken_back') = (coalesce(last_choice, 'taken_back') = 'taken_back') then
        raise exception 'one vote a person' using
            errcode = '23514', constraint = 'approval_vote_once';
    end if;
    if new.choice <> 'taken_back' and exists (
        select from approval_recusal where approval = new.approval and person = new.person) then
        raise exception 'the voter is recused' using
            errcode = '23514', constraint = 'approval_vote_recused';
    end if;
    return new;
end $$;

create trigger approval_vote_checked before insert on approval_vote
    for each row execute function approval_check_vote();
