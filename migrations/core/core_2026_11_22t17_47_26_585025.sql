-- Which refunds of a payment a provider's own books tell of.
create index payment_settlement_line_refund on payment_settlement_line (reference) where kind = 'refunded';
