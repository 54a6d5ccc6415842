create index payment_order_payee on payment_order (payee);
create index payment_order_line_account on payment_order_line (account);
