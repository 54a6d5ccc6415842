-- Each was written with every row, and an index that begins with the same columns answers the same questions.
drop index fund_gift_gone_back;
drop index fund_purpose_of;
drop index payment_order_line_order;

-- What a provider has said of money is never changed, nor all of it at once.
drop trigger payment_fact_stays on payment_fact;
create trigger payment_fact_stays before update or delete or truncate on payment_fact
    for each statement execute function refuse_change();

-- An agreement is never deleted: of a draft that was, the trigger of before said nothing and kept it.
create trigger fund_agreement_stays before delete or truncate on fund_agreement
    for each statement execute function refuse_change();
drop trigger fund_agreement_kept on fund_agreement;
create trigger fund_agreement_kept before update on fund_agreement
    for each row execute function keep_signed_agreement();
