-- One change of an account waits at a time.
create unique index payment_merchant_change_asked on payment_merchant_change (organization, provider)
    where state = 'asked';
create index payment_merchant_change_of on payment_merchant_change (organization, provider, id desc);
create index payment_merchant_change_asked_by on payment_merchant_change (asked_by);
