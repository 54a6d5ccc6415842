create index foundation_agreement_organization on foundation_agreement (organization, id);
create index foundation_agreement_waiting on foundation_agreement (organization, state, deliver_by)
    where state in ('draft', 'signed');
create index foundation_agreement_fund on foundation_agreement (fund);
create index foundation_agreement_donor on foundation_agreement (donor);
create index foundation_agreement_beneficiary on foundation_agreement (beneficiary);
create index foundation_agreement_drafted_by on foundation_agreement (drafted_by);
create index foundation_agreement_signed_by on foundation_agreement (signed_by);
create index foundation_agreement_ended_by on foundation_agreement (ended_by);
create index foundation_agreement_gift_agreement on foundation_agreement_gift (agreement, id);
create index foundation_agreement_gift_linked_by on foundation_agreement_gift (linked_by);

-- What was agreed is never changed: another agreement is written instead. A name may be forgotten.
create function foundation_agreement_stays() returns trigger language plpgsql as $$
begin
    if (new.organization, new.fund, new.donor, new.kind, new.what, new.quantity, new.quality, new.value_fen,
            new.uses, new.deliver_by, new.beneficiary, new.drafted_by, new.drafted_at)
        is distinct from
        (old.organization, old.fund, old.donor, old.kind, old.what, old.quantity, old.quality, old.value_fen,
            old.uses, old.deliver_by, old.beneficiary, old.drafted_by, old.drafted_at)
        or (old.signed_by is not null and (new.signed_by, new.signed_on, new.signed_at)
            is distinct from (old.signed_by, old.signed_on, old.signed_at)) then
        raise exception 'foundation_agreement % says what was agreed', old.id;
    end if;
    return new;
end $$;
create trigger foundation_agreement_stays before update on foundation_agreement
    for each row execute function foundation_agreement_stays();

-- A gift fulfils only an agreement of its own fund.
create function foundation_agreement_gift_fund() returns trigger language plpgsql as $$
begin
    if (select g.fund from fund_gift g where g.id = new.gift)
        is distinct from (select a.fund from foundation_agreement a where a.id = new.agreement) then
        raise exception 'foundation_agreement %: a gift to another fund', new.agreement;
    end if;
    return new;
end $$;
create trigger foundation_agreement_gift_fund before insert or update on foundation_agreement_gift
    for each row execute function foundation_agreement_gift_fund();
