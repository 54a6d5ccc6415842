"""An approval, its voters, who of them is recused, and every vote. Persons are ids: people stands above.

What the database refuses beyond this (late, second and recused votes, changed histories) are triggers:
`migrations/core/*.sql`.
"""

from piccolo.columns import JSONB, BigInt, BigSerial, SmallInt, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB


class Approval(Table, db=DB, tablename="approval"):
    """open -> approved | rejected | expired | withdrawn. Nothing else of it ever changes."""

    id: BigSerial = BigSerial(primary_key=True)
    subject_kind = Varchar(length=60, required=True)
    subject_id = BigInt(required=True)
    purpose = Varchar(length=60, required=True)
    maker = BigInt(required=True)
    title = Varchar(length=80, required=True)
    params = JSONB(default="{}", help_text="ids and codes that fill the title's places")
    path = Varchar(length=200, default="", help_text="where in the application the subject is")
    needed = SmallInt(required=True)
    quorum = SmallInt(required=True)
    share_numerator = SmallInt(required=True)
    share_denominator = SmallInt(required=True)
    voters = SmallInt(required=True, help_text="how many rows of approval_voter there are")
    state = Varchar(length=10, default="open")
    opened_at = moment()
    deadline = moment()
    closed_at = moment(optional=True)

    approval_state = Check("state in ('open', 'approved', 'rejected', 'expired', 'withdrawn')")
    approval_closed = Check("(state = 'open') = (closed_at is null)")
    approval_rule = Check(
        "needed >= 1 and needed <= voters and quorum between 0 and voters and"
        " share_denominator >= 1 and share_numerator between 0 and share_denominator"
    )
    approval_deadline = Check("deadline > opened_at")


class ApprovalVoter(Table, db=DB, tablename="approval_voter"):
    """Who may vote: written all at once when the approval is opened."""

    id: BigSerial = BigSerial(primary_key=True)
    approval = belongs_to(Approval)
    person = BigInt(required=True)

    approval_voter_person = Unique([approval, person])


class ApprovalRecusal(Table, db=DB, tablename="approval_recusal"):
    """A reason for which a voter takes no part; there may be several, and none is ever taken away."""

    id: BigSerial = BigSerial(primary_key=True)
    approval = belongs_to(Approval)
    person = BigInt(required=True)
    code = Varchar(length=60, required=True)
    title = Varchar(length=120, required=True)
    reason = Varchar(length=500, default="")
    recorded_at = moment()

    approval_recusal_code = Unique([approval, person, code])


class ApprovalVote(Table, db=DB, tablename="approval_vote"):
    """A vote, or that one was taken back; a person's last row counts."""

    id: BigSerial = BigSerial(primary_key=True)
    approval = belongs_to(Approval)
    person = BigInt(required=True)
    choice = Varchar(length=10, required=True)
    reason = Varchar(length=500, default="")
    cast_at = moment()

    approval_vote_choice = Check("choice in ('approve', 'reject', 'abstain', 'taken_back')")
    approval_vote_reason = Check("choice in ('approve', 'taken_back') or reason <> ''")
