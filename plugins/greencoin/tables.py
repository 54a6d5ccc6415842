"""Schemes, rules, passbooks, claims, lists for the reviewers, the shop. Points and pieces themselves are
in the ledger. Partial unique indexes: `migrations/greencoin/*.sql`."""

from piccolo.columns import BigInt, BigSerial, Boolean, Date, Integer, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.evidence.tables import Evidence
from core.organizations.tables import Organization
from core.people.tables import Household, Person
from core.regions.tables import Region


class Scheme(Table, db=DB, tablename="greencoin_scheme"):
    """The 绿币 of one village, run by an organization; its unit is `GREEN:<id>`."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    region = belongs_to(Region, unique=True)
    name = Varchar(length=60, required=True)
    is_sample = Boolean(default=False, help_text="its figures are invented")
    opened_at = moment()
    warned_until = Date(default=None, null=True, help_text="last expiry day that was warned of")


class Rule(Table, db=DB, tablename="greencoin_rule"):
    """One version of a rule; the version that replaces it has the same `code`. Never changed but ended."""

    id: BigSerial = BigSerial(primary_key=True)
    scheme = belongs_to(Scheme)
    code = Varchar(length=20, required=True)
    behaviour = Varchar(length=60, required=True)
    category = Varchar(length=20, required=True)
    unit = Varchar(length=10, required=True)
    points = Integer(required=True, help_text="hundredths of a point for one unit")
    day_cap = Integer(default=None, null=True)
    month_cap = Integer(default=None, null=True)
    needs_photo = Boolean(default=False)
    effective_from = Date(default=None, null=False)
    effective_to = Date(default=None, null=True)
    made_by = belongs_to(Person, optional=True)
    made_at = moment()

    greencoin_rule_points = Check("points > 0")
    greencoin_rule_caps = Check("coalesce(day_cap, 1) > 0 and coalesce(month_cap, 1) > 0")
    greencoin_rule_version = Unique([scheme, code, effective_from])


class Passbook(Table, db=DB, tablename="greencoin_passbook"):
    """A household's part in a scheme; `number` is what the village calls it by. Its points: the ledger."""

    id: BigSerial = BigSerial(primary_key=True)
    scheme = belongs_to(Scheme)
    household = belongs_to(Household)
    number = Integer(required=True)
    is_shown = Boolean(default=False, help_text="the household agreed to be named on the board, masked")
    shown_by = belongs_to(Person, optional=True)
    opened_at = moment()

    greencoin_passbook_household = Unique([scheme, household])
    greencoin_passbook_number = Unique([scheme, number])


class Review(Table, db=DB, tablename="greencoin_review"):
    """A list of claims that the reviewers vote on together, and that is then made public."""

    id: BigSerial = BigSerial(primary_key=True)
    scheme = belongs_to(Scheme)
    opened_by = belongs_to(Person)
    opened_at = moment()
    publicised_at = moment(optional=True)
    public_until = moment(optional=True)

    greencoin_review_public = Check(
        "(publicised_at is null) = (public_until is null) and public_until > publicised_at"
    )


class Claim(Table, db=DB, tablename="greencoin_claim"):
    """What a household did, and what it is worth; `evidence` lets its points be credited, once."""

    id: BigSerial = BigSerial(primary_key=True)
    state = Varchar(length=12, default="submitted")
    passbook = belongs_to(Passbook)
    person = belongs_to(Person)
    rule = belongs_to(Rule)
    quantity = Integer(required=True)
    happened_on = Date(default=None, null=False)
    words = Varchar(length=200, default="")
    points = BigInt(required=True)
    submitted_at = moment()
    verified_by = belongs_to(Person, optional=True)
    verified_at = moment(optional=True)
    review = belongs_to(Review, optional=True)
    evidence = belongs_to(Evidence, optional=True, unique=True)
    credited_at = moment(optional=True)
    reason = Varchar(length=200, default="", help_text="why it was refused, reversed, or not credited")
    decided_by = belongs_to(Person, optional=True)

    greencoin_claim_state = Check(
        "state in ('submitted', 'verified', 'in_review', 'publicised', 'uncredited', 'credited', 'rejected',"
        " 'withdrawn', 'reversed')"
    )
    greencoin_claim_amounts = Check("quantity > 0 and points > 0")
    greencoin_claim_reason = Check("(state in ('uncredited', 'rejected', 'reversed')) = (reason <> '')")
    greencoin_claim_credited = Check(
        "(state in ('credited', 'reversed')) <= (credited_at is not null and evidence is not null)"
    )
    greencoin_claim_listed = Check(
        "(state in ('in_review', 'publicised', 'uncredited')) <= (review is not null)"
    )


class Item(Table, db=DB, tablename="greencoin_item"):
    """A thing in the shop; how many there are is in the ledger, in the unit `GOODS:<id>`."""

    id: BigSerial = BigSerial(primary_key=True)
    scheme = belongs_to(Scheme)
    name = Varchar(length=40, required=True)
    cost = Integer(required=True, help_text="hundredths of a point for one piece")
    on_shelf = Boolean(default=True)
    made_at = moment()

    greencoin_item_cost = Check("cost > 0")
    greencoin_item_name = Unique([scheme, name])


class Stocking(Table, db=DB, tablename="greencoin_stocking"):
    """Pieces that came to the shelf, or that a count found more or fewer. Append-only."""

    id: BigSerial = BigSerial(primary_key=True)
    item = belongs_to(Item)
    change = Integer(required=True)
    reason = Varchar(length=200, required=True)
    made_by = belongs_to(Person, optional=True)
    made_at = moment()

    greencoin_stocking_change = Check("change <> 0")


class Redemption(Table, db=DB, tablename="greencoin_redemption"):
    """Pieces set aside for a household, and its points with them, until it takes them."""

    id: BigSerial = BigSerial(primary_key=True)
    state = Varchar(length=12, default="reserved")
    scheme = belongs_to(Scheme)
    passbook = belongs_to(Passbook)
    person = belongs_to(Person)
    item = belongs_to(Item)
    quantity = Integer(required=True)
    cost = BigInt(required=True)
    code = Varchar(length=6, required=True)
    reserved_at = moment()
    reserved_until = moment()
    handed_by = belongs_to(Person, optional=True)
    ended_at = moment(optional=True)

    greencoin_redemption_state = Check("state in ('reserved', 'handed_over', 'cancelled', 'expired')")
    greencoin_redemption_amounts = Check("quantity > 0 and cost > 0")
    greencoin_redemption_ended = Check("(state = 'reserved') = (ended_at is null)")
    greencoin_redemption_handed = Check("(state = 'handed_over') = (handed_by is not null)")
