"""What would have been sent to an invented person."""

from piccolo.columns import BigSerial, Text, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.people.tables import Person


class PracticeMessage(Table, db=DB, tablename="practice_message"):
    """An SMS or e-mail as it would have arrived. `address` is masked: a visitor may type a real one."""

    id: BigSerial = BigSerial(primary_key=True)
    key = Varchar(length=60, required=True, unique=True, help_text="the same message comes once")
    channel = Varchar(length=4, required=True)
    phone = Varchar(length=11, required=True, help_text="of the demo account")
    person = belongs_to(Person, optional=True)
    address = Varchar(length=254, default="")
    subject = Varchar(length=200, default="")
    text = Text(default="")
    kept_at = moment()

    practice_message_channel = Check("channel in ('mail', 'sms')")
