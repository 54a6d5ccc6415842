"""Campaigns, for which funds they are, who is invited to a directed one, what was reported; host names."""

from piccolo.columns import BigInt, BigSerial, Boolean, Date, Text, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.funds.tables import Fund, FundGift
from core.organizations.tables import Organization
from core.people.tables import Person
from core.regions.tables import Region


class Campaign(Table, db=DB, tablename="foundation_campaign"):
    """draft -> reviewed -> running -> ended -> reported, or dropped. The words are those of the plan."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    region = belongs_to(Region)
    mode = Varchar(length=40, required=True)
    state = Varchar(length=10, default="draft")
    title = Varchar(length=60, required=True)
    aim = Varchar(length=500, required=True)
    area = Varchar(length=100, required=True)
    leader = Varchar(length=40, required=True)
    office = Varchar(length=100, required=True)
    contact = Varchar(length=100, required=True)
    ways = Varchar(length=200, required=True)
    account = Varchar(length=200, required=True)
    beneficiaries = Varchar(length=300, required=True)
    use = Varchar(length=500, required=True)
    cost = Varchar(length=300, required=True)
    leftover = Varchar(length=300, required=True)
    begins_on = Date(default=None)
    ends_on = Date(default=None)
    is_emergency = Boolean(default=False)
    goal_fen = BigInt(default=0, help_text="0: none is named")
    platform_url = Varchar(length=300, default="")
    filing_no = Varchar(length=40, default="")
    filed_on = Date(default=None, null=True)
    written_by = belongs_to(Person)
    written_at = moment()
    reviewed_by = belongs_to(Person, optional=True)
    reviewed_at = moment(optional=True)
    published_at = moment(optional=True)
    ended_at = moment(optional=True)

    foundation_campaign_state = Check(
        "state in ('draft', 'reviewed', 'running', 'ended', 'reported', 'dropped')"
    )
    foundation_campaign_mode = Check(
        "mode in ('link_out_designated', 'own_site_of_certified_charity', 'directed', 'community_mutual_aid',"
        " 'offline_record')"
    )
    foundation_campaign_days = Check("begins_on <= ends_on and goal_fen >= 0")
    foundation_campaign_second = Check("reviewed_by <> written_by")
    foundation_campaign_reviewed = Check(
        "state in ('draft', 'dropped') or (reviewed_by is not null and reviewed_at is not null)"
    )
    foundation_campaign_filed = Check("(filing_no = '') = (filed_on is null)")
    foundation_campaign_link = Check("mode <> 'link_out_designated' or platform_url like 'https://%'")
    foundation_campaign_ended = Check("(state in ('ended', 'reported')) = (ended_at is not null)")


class CampaignFund(Table, db=DB, tablename="foundation_campaign_fund"):
    """A fund of the foundation that the campaign is for."""

    id: BigSerial = BigSerial(primary_key=True)
    campaign = belongs_to(Campaign)
    fund = belongs_to(Fund)

    foundation_campaign_fund_once = Unique([campaign, fund])


class CampaignInvited(Table, db=DB, tablename="foundation_campaign_invited"):
    """Somebody who may be asked in a directed campaign, and in which capacity."""

    id: BigSerial = BigSerial(primary_key=True)
    campaign = belongs_to(Campaign)
    person = belongs_to(Person)
    capacity = Varchar(length=10, required=True)
    invited_by = belongs_to(Person)
    invited_at = moment()

    foundation_campaign_invited_once = Unique([campaign, person])
    foundation_campaign_invited_capacity = Check("capacity in ('founder', 'board', 'member')")


class CampaignReport(Table, db=DB, tablename="foundation_campaign_report"):
    """What was told to the public of a campaign, while it ran or after its end. Never changed."""

    id: BigSerial = BigSerial(primary_key=True)
    campaign = belongs_to(Campaign)
    is_final = Boolean(default=False)
    text = Text()
    income_fen = BigInt(required=True)
    told_by = belongs_to(Person)
    told_at = moment()

    foundation_campaign_report_text = Check("length(text) between 1 and 2000 and income_fen >= 0")


class CampaignGift(Table, db=DB, tablename="foundation_campaign_gift"):
    """In which campaign a gift was given."""

    id: BigSerial = BigSerial(primary_key=True)
    campaign = belongs_to(Campaign)
    gift = belongs_to(FundGift, unique=True)


class HostName(Table, db=DB, tablename="foundation_host"):
    """A host name that belongs to one charity alone: asked -> confirmed | refused; given up."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    name = Varchar(length=100, required=True)
    state = Varchar(length=10, default="asked")
    asked_by = belongs_to(Person)
    asked_at = moment()
    checked_by = belongs_to(Person, optional=True)
    checked_at = moment(optional=True)

    foundation_host_state = Check("state in ('asked', 'confirmed', 'refused', 'given_up')")
    foundation_host_name = Check("name = lower(name) and name !~ '[/: ]'")
    foundation_host_second = Check("checked_by <> asked_by")
    foundation_host_confirmed = Check("state <> 'confirmed' or checked_by is not null")
