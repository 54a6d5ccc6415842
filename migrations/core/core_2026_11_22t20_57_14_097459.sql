create unique index fund_warning_once on fund_warning (request, code, person) nulls not distinct;
create index fund_warning_person on fund_warning (person);
create index fund_warning_explained_by on fund_warning (explained_by);
create index fund_aware_request on fund_aware (request, id);
create index fund_aware_person on fund_aware (person);
-- A donor without an account who bears the name of whoever is paid.
create index fund_gift_donor_name on fund_gift (organization, donor_name) where donor is null;
create trigger fund_aware_append_only before update or delete or truncate on fund_aware
    for each statement execute function refuse_change();
create trigger fund_warning_stays before delete or truncate on fund_warning
    for each statement execute function refuse_change();
