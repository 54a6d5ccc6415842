create index gift_pack_organization on gift_pack (organization, donor, id desc);
create index gift_pack_donor on gift_pack (donor, id desc);
create index gift_pack_gift on gift_pack (gift, id desc);
create index gift_pack_asked_by on gift_pack (asked_by, asked_at desc);
create index gift_pack_asked_from on gift_pack (asked_from, asked_at desc) where asked_from is not null;
