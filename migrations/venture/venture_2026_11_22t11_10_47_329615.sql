-- Whatever code runs, an organization applies once to a call.
create unique index venture_application_one on venture_application (call, organization)
    where state <> 'withdrawn';

-- A score that was handed in is sealed, and who is recused stays recused.
create function venture_review_keep() returns trigger language plpgsql as $$
begin
    if old.marks is not null then
        raise exception 'the score is sealed' using errcode = '23514', constraint = 'venture_review_sealed';
    end if;
    if old.stance <> 'clear' and new.stance = 'clear' then
        raise exception 'recused stays recused' using errcode = '23514', constraint = 'venture_review_stays';
    end if;
    return new;
end $$;
create trigger venture_review_keep before update on venture_review
    for each row execute function venture_review_keep();

create index venture_call_late on venture_call (closes_at) where state = 'published';
create index venture_objection_open on venture_objection (application) where state = 'open';
create index venture_call_organization on venture_call (organization);
create index venture_call_made_by on venture_call (made_by);
create index venture_expert_person on venture_expert (person);
create index venture_application_call on venture_application (call);
create index venture_application_organization on venture_application (organization);
create index venture_application_made_by on venture_application (made_by);
create index venture_budget_line_application on venture_budget_line (application);
create index venture_review_person on venture_review (person);
create index venture_objection_person on venture_objection (person);
create index venture_objection_answered_by on venture_objection (answered_by);
create index venture_contract_organization on venture_contract (organization);
create index venture_contract_funder_person on venture_contract (funder_person);
create index venture_contract_grantee_person on venture_contract (grantee_person);
create index venture_contract_project on venture_contract (project);
create index venture_tranche_asked_by on venture_tranche (asked_by);
create index venture_tranche_paid_by on venture_tranche (paid_by);
create index venture_report_contract on venture_report (contract);
create index venture_report_story on venture_report (story);
create index venture_report_made_by on venture_report (made_by);
create index venture_report_answered_by on venture_report (answered_by);

-- As the State Council arranged the holidays of 2026; the year after is added when it is announced.
insert into venture_moved_day (day, is_working, title) values
    ('2026-01-01', false, '元旦'),
    ('2026-01-02', false, '元旦'),
    ('2026-01-04', true, '元旦调休'),
    ('2026-02-14', true, '春节调休'),
    ('2026-02-16', false, '春节'),
    ('2026-02-17', false, '春节'),
    ('2026-02-18', false, '春节'),
    ('2026-02-19', false, '春节'),
    ('2026-02-20', false, '春节'),
    ('2026-02-23', false, '春节'),
    ('2026-02-28', true, '春节调休'),
    ('2026-04-06', false, '清明节'),
    ('2026-05-01', false, '劳动节'),
    ('2026-05-04', false, '劳动节'),
    ('2026-05-05', false, '劳动节'),
    ('2026-05-09', true, '劳动节调休'),
    ('2026-06-19', false, '端午节'),
    ('2026-09-20', true, '国庆节调休'),
    ('2026-09-25', false, '中秋节'),
    ('2026-10-01', false, '国庆节'),
    ('2026-10-02', false, '国庆节'),
    ('2026-10-05', false, '国庆节'),
    ('2026-10-06', false, '国庆节'),
    ('2026-10-07', false, '国庆节'),
    ('2026-10-10', true, '国庆节调休');
