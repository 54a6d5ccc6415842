-- Who was first in a household speaks for it.
update household h set head = (
    select m.person from household_member m where m.household = h.id and m.left_on is null
    order by m.id limit 1);

create index household_headed on household (head);

-- Codes are counted by phone and by address, found by phone and purpose, swept by their end.
create index phone_code_of_phone on phone_code (phone, created_at);
create index phone_code_of_address on phone_code (address, created_at);
create index phone_code_of_person on phone_code (person);
create index phone_code_expiry on phone_code (expires_at);

-- What somebody has consented to is a history.
create index consent_of_person on consent (person, id);
create trigger consent_append_only before update or delete or truncate on consent
    for each statement execute function refuse_change();

-- Of a person one application at a time, of a household one change.
create unique index household_request_joining on household_request (person)
    where kind = 'join' and state = 'waiting';
create unique index household_request_changing on household_request (household)
    where kind <> 'join' and state = 'waiting';
create index household_request_household on household_request (household);
create index household_request_person on household_request (person);
create index household_request_other on household_request (other);
create index household_request_region on household_request (region);
create index household_request_asker on household_request (asked_by) where state = 'waiting';
create index household_invitation_household on household_invitation (household);
