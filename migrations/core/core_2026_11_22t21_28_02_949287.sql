create unique index fund_agreement_draft on fund_agreement (fund) where state = 'drafted';
create index fund_agreement_drafted_by on fund_agreement (drafted_by);
create index fund_agreement_signed_by on fund_agreement (signed_by) where signed_by is not null;

-- What was signed is not written anew: what changes is a new version.
create function keep_signed_agreement() returns trigger language plpgsql as $$
begin
    if old.state <> 'drafted' then
        raise exception 'an agreement that is no draft any more is not changed' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger fund_agreement_kept before update or delete on fund_agreement
    for each row execute function keep_signed_agreement();
