-- What the ledger refuses after its days in public stands there with its reason, until somebody decides.
alter table greencoin_claim drop constraint greencoin_claim_state;
alter table greencoin_claim add constraint greencoin_claim_state check (
    state in ('submitted', 'verified', 'in_review', 'publicised', 'uncredited', 'credited', 'rejected',
        'withdrawn', 'reversed'));
alter table greencoin_claim drop constraint greencoin_claim_reason;
alter table greencoin_claim add constraint greencoin_claim_reason check (
    (state in ('uncredited', 'rejected', 'reversed')) = (reason <> ''));
alter table greencoin_claim drop constraint greencoin_claim_listed;
alter table greencoin_claim add constraint greencoin_claim_listed check (
    (state in ('in_review', 'publicised', 'uncredited')) <= (review is not null));
drop index greencoin_claim_waiting;
create index greencoin_claim_waiting on greencoin_claim (state, id desc)
    where state in ('submitted', 'verified', 'in_review', 'publicised', 'uncredited');
