"""Copies of what was given, as they were asked for."""

from piccolo.columns import BigInt, BigSerial, Bytea, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.funds.tables import FundGift
from core.organizations.tables import Organization
from core.people.tables import Person


class GiftPack(Table, db=DB, tablename="gift_pack"):
    """Of one gift, or of all that `donor` gave to `organization`; `asked_by` None has the trace code.

    Somebody else than the donor says why. The file is deleted after some days; that it was made stays.
    """

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    donor = belongs_to(Person, optional=True)
    gift = belongs_to(FundGift, optional=True)
    asked_by = belongs_to(Person, optional=True)
    reason = Varchar(length=200, default="")
    asked_at = moment()
    asked_from = Bytea(default=None, null=True, help_text="a keyed hash of where a stranger asked")
    job_id = BigInt(default=None, null=True)
    file_id = BigInt(default=None, null=True)
    made_at = moment(optional=True)
    manifest = Varchar(length=64, default="", help_text="SHA-256 of its manifest")

    gift_pack_what = Check("gift is not null or donor is not null")
    gift_pack_code = Check("asked_by is not null or gift is not null")
    gift_pack_reason = Check("asked_by is null or asked_by is not distinct from donor or reason <> ''")
    gift_pack_made = Check("(made_at is null) = (manifest = '')")
