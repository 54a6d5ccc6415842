-- What a pool has added was recorded as a bank transfer until now.
update fund_gift g set method = 'match' from foundation_pool_match m where m.added = g.id and g.method = 'bank';
