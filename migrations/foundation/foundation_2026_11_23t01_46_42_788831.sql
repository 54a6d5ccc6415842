create index foundation_goods_organization on foundation_goods (organization, id);
create index foundation_goods_expiring on foundation_goods (organization, expires_on)
    where state = 'counted' and expires_on is not null;
create index foundation_goods_waiting on foundation_goods (organization, id) where state = 'waiting';
create index foundation_goods_received on foundation_goods (organization, received_on);
-- One slip for each; what was dropped or reversed may be written down again, and right.
create unique index foundation_goods_slip on foundation_goods (organization, slip_no)
    where state in ('waiting', 'counted');
create unique index foundation_goods_move_slip on foundation_goods_move (goods, slip_no) where reversed_by is null;
create index foundation_goods_fund on foundation_goods (fund);
create index foundation_goods_campaign on foundation_goods (campaign);
create index foundation_goods_recorded_by on foundation_goods (recorded_by);
create index foundation_goods_confirmed_by on foundation_goods (confirmed_by);
create index foundation_goods_reversed_by on foundation_goods (reversed_by);
create index foundation_goods_move_goods on foundation_goods_move (goods, id);
create index foundation_goods_move_receiver on foundation_goods_move (receiver);
create index foundation_goods_move_request on foundation_goods_move (request);
create index foundation_goods_move_recorded_by on foundation_goods_move (recorded_by);
create index foundation_goods_move_reversed_by on foundation_goods_move (reversed_by);

-- What was received or has left is never rewritten and never deleted: a mistake is reversed.
create function foundation_goods_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or to_jsonb(new) - array['state', 'confirmed_by', 'counted_at', 'reversed_by', 'reason']
        is distinct from to_jsonb(old) - array['state', 'confirmed_by', 'counted_at', 'reversed_by', 'reason'] then
        raise exception 'foundation_goods % says what was received', old.id;
    end if;
    return new;
end $$;
create trigger foundation_goods_stays before update or delete on foundation_goods
    for each row execute function foundation_goods_stays();

create function foundation_goods_move_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.reversed_by is not null
        or to_jsonb(new) - array['reversed_by', 'reversed_at', 'reason']
            is distinct from to_jsonb(old) - array['reversed_by', 'reversed_at', 'reason'] then
        raise exception 'foundation_goods_move % says what has left', old.id;
    end if;
    return new;
end $$;
create trigger foundation_goods_move_stays before update or delete on foundation_goods_move
    for each row execute function foundation_goods_move_stays();
