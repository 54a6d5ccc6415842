-- Never two valid receipts of one gift, nor two refusals of its name, nor one fiscal receipt twice.
create unique index fund_receipt_valid on fund_receipt (gift) where voided_at is null;
create unique index fund_name_refusal_open on fund_name_refusal (gift) where lifted_at is null;
create unique index fund_fiscal_valid on fund_fiscal (gift) where replaced_at is null;
create unique index fund_fiscal_once on fund_fiscal (organization, code, number) where replaced_at is null;

create index fund_receipt_gift on fund_receipt (gift, id);
create index fund_receipt_issued_by on fund_receipt (issued_by) where issued_by is not null;
create index fund_name_refusal_gift on fund_name_refusal (gift, id);
create index fund_name_refusal_refused_by on fund_name_refusal (refused_by);
create index fund_name_refusal_lifted_by on fund_name_refusal (lifted_by) where lifted_by is not null;
create index fund_fiscal_wish_asked_by on fund_fiscal_wish (asked_by) where asked_by is not null;
create index fund_fiscal_gift on fund_fiscal (gift, id);
create index fund_fiscal_recorded_by on fund_fiscal (recorded_by);
create index fund_fiscal_of on fund_fiscal (organization, id);
