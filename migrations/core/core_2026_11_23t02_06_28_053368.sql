-- One taking of an order waits at a time, and a receipt number is used once by those that wait.
create unique index payment_taking_open on payment_taking ("order") where state = 'asked';
create unique index payment_taking_receipt on payment_taking (payee, receipt_no) where state = 'asked';
create index payment_taking_order on payment_taking ("order", id);
create index payment_taking_payee on payment_taking (payee, id);
create index payment_taking_asked_by on payment_taking (asked_by);
