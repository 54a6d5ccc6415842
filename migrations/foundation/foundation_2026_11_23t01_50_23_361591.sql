create index foundation_agreement_pledge_agreement on foundation_agreement_pledge (agreement, id);
create index foundation_agreement_pledge_linked_by on foundation_agreement_pledge (linked_by);
create index foundation_agreement_settled_by on foundation_agreement (settled_by);

-- The gifts that fulfil an agreement: by themselves, or because they keep one of its pledges.
create function foundation_agreement_gifts(wanted bigint) returns table (gift bigint, pledge bigint)
language sql stable as $$
    select x.gift::bigint, null::bigint from foundation_agreement_gift x where x.agreement = wanted
    union all
    select g.gift::bigint, g.pledge::bigint from foundation_agreement_pledge p
    join foundation_pledge_gift g on g.pledge = p.pledge where p.agreement = wanted
$$;

-- What came by them and has not gone back.
create function foundation_agreement_received(wanted bigint) returns bigint language sql stable as $$
    select coalesce(sum(g.amount_fen - g.returned_fen - coalesce((select sum(r.amount_fen)
        from fund_refund r where r.gift = g.id and r.state = 'refunded'), 0)), 0)::bigint
    from fund_gift g
    where g.state = 'counted' and g.id in (select gift from foundation_agreement_gifts(wanted))
$$;

-- Fulfilled is what came, or what somebody has settled with a reason.
create function foundation_agreement_came() returns trigger language plpgsql as $$
begin
    if new.state = 'fulfilled' and old.state <> 'fulfilled' and new.settled_reason = ''
        and (case new.kind when 'goods' then new.delivered_no = ''
            else foundation_agreement_received(new.id) < new.value_fen end) then
        raise exception 'foundation_agreement % is not fulfilled: less came than was agreed', new.id;
    end if;
    return new;
end $$;
create trigger foundation_agreement_came before update of state on foundation_agreement
    for each row execute function foundation_agreement_came();

-- A pledge belongs only to an agreement of its own fund.
create function foundation_agreement_pledge_fund() returns trigger language plpgsql as $$
begin
    if (select p.fund from foundation_pledge p where p.id = new.pledge)
        is distinct from (select a.fund from foundation_agreement a where a.id = new.agreement) then
        raise exception 'foundation_agreement %: a pledge to another fund', new.agreement;
    end if;
    return new;
end $$;
create trigger foundation_agreement_pledge_fund before insert or update on foundation_agreement_pledge
    for each row execute function foundation_agreement_pledge_fund();
