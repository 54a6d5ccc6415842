-- Both purposes are the fund's own; one change of a purpose is asked at a time; nobody answers afterwards.
alter table fund_change add constraint fund_change_own_from
    foreign key (from_purpose, fund) references fund_purpose (id, fund);
alter table fund_change add constraint fund_change_own_to
    foreign key (to_purpose, fund) references fund_purpose (id, fund);
create unique index fund_change_once on fund_change (from_purpose) where state = 'asking';
create index fund_change_of on fund_change (fund, id);
create index fund_change_from on fund_change (from_purpose);
create index fund_change_to on fund_change (to_purpose);
create index fund_change_over on fund_change (answers_until, id) where state = 'asking';
create index fund_change_proposed_by on fund_change (proposed_by);
create index fund_change_done_by on fund_change (done_by) where done_by is not null;
create index fund_change_answer_gift on fund_change_answer (gift);

create function fund_change_answer_in_time() returns trigger language plpgsql as $$
begin
    if not exists (select from fund_change where id = new.change and state = 'asking' for share) then
        raise exception 'this change of purpose is over' using errcode = '23514',
            constraint = 'fund_change_answer_in_time';
    end if;
    return new;
end $$;
create trigger fund_change_answer_in_time before insert or update on fund_change_answer
    for each row execute function fund_change_answer_in_time();
