create index payment_transfer_asked_by on payment_transfer (asked_by);

create index payment_statement_of on payment_statement (organization, id desc);
create index payment_statement_asked_by on payment_statement (asked_by);
create index payment_statement_sweep on payment_statement (asked_at) where state <> 'imported';
-- The same file again is the first one; one that could not be read may be sent again.
create unique index payment_statement_digest on payment_statement (organization, digest)
    where state <> 'refused';

create index payment_bank_line_of on payment_bank_line (organization, id desc);
create index payment_bank_line_waiting on payment_bank_line (organization, id desc)
    where state in ('waiting', 'asked', 'returning');
create index payment_bank_line_statement on payment_bank_line (statement, id);
create index payment_bank_line_order on payment_bank_line ("order");
create index payment_bank_line_decided_by on payment_bank_line (decided_by);
create index payment_refund_line on payment_refund (line);
