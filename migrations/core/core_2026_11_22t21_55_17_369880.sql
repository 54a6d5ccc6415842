-- A line of the bank may be the arrival of a provider's payout.
alter table payment_bank_line drop constraint payment_bank_line_state;
alter table payment_bank_line add constraint payment_bank_line_state
    check (state in ('waiting', 'asked', 'booked', 'not_ours', 'arrived', 'returning', 'returned'));
create index payment_settlement_payout on payment_settlement_line (merchant, id desc) where kind = 'payout';
