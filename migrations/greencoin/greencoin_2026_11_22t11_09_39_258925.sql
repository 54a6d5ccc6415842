-- What must never be violated, whatever code runs.

-- One version of a rule without an end, and one such rule for the hours of volunteers.
create unique index greencoin_rule_now on greencoin_rule (scheme, code) where effective_to is null;
create unique index greencoin_rule_volunteer on greencoin_rule (scheme)
    where effective_to is null and category = 'volunteer';
-- A code tells one reservation, and a household reserves a thing once at a time.
create unique index greencoin_redemption_code on greencoin_redemption (scheme, code) where state = 'reserved';
create unique index greencoin_redemption_open on greencoin_redemption (passbook, item)
    where state = 'reserved';

create index greencoin_scheme_organization on greencoin_scheme (organization);
create index greencoin_rule_made_by on greencoin_rule (made_by);
create index greencoin_passbook_household_key on greencoin_passbook (household);
create index greencoin_passbook_shown_by on greencoin_passbook (shown_by);
create index greencoin_review_scheme on greencoin_review (scheme, id desc);
create index greencoin_review_opened_by on greencoin_review (opened_by);
create index greencoin_claim_passbook on greencoin_claim (passbook, happened_on);
create index greencoin_claim_person on greencoin_claim (person);
create index greencoin_claim_rule on greencoin_claim (rule);
create index greencoin_claim_verified_by on greencoin_claim (verified_by);
create index greencoin_claim_decided_by on greencoin_claim (decided_by);
create index greencoin_claim_review on greencoin_claim (review, id);
-- What somebody still has to do something about, the newest first.
create index greencoin_claim_waiting on greencoin_claim (state, id desc)
    where state in ('submitted', 'verified', 'in_review', 'publicised');
create index greencoin_stocking_item on greencoin_stocking (item);
create index greencoin_stocking_made_by on greencoin_stocking (made_by);
create index greencoin_redemption_passbook on greencoin_redemption (passbook, id desc);
create index greencoin_redemption_person on greencoin_redemption (person);
create index greencoin_redemption_item on greencoin_redemption (item);
create index greencoin_redemption_waiting on greencoin_redemption (scheme, reserved_until)
    where state = 'reserved';
create index greencoin_redemption_scheme on greencoin_redemption (scheme);
create index greencoin_redemption_handed_by on greencoin_redemption (handed_by);
