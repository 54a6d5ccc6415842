-- From which quarter on a foundation has to publish is asked whenever somebody looks at one of its funds.
create index fund_gift_counted on fund_gift (organization, counted_at) where counted_at is not null;
