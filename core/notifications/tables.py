"""Notices, the messages that go outside because of them, and how each person wants to be told."""

from piccolo.columns import JSONB, BigSerial, Boolean, Date, SmallInt, Text, Time, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import goes_with, moment
from core.database import DB
from core.people.tables import Person


class Notification(Table, db=DB, tablename="notification"):
    """`title` and `body` are Chinese messages with `%(name)s` places, translated when shown."""

    id: BigSerial = BigSerial(primary_key=True)
    person = goes_with(Person)
    title = Varchar(length=80, required=True)
    body = Varchar(length=300, required=True)
    params = JSONB(default="{}")
    path = Varchar(length=200, default="", help_text="where in the application it leads")
    category = Varchar(length=40, default="core", help_text="the plugin it comes from")
    urgent = Boolean(default=False)
    created_at = moment()
    read_at = moment(optional=True)


class NotificationMessage(Table, db=DB, tablename="notification_message"):
    """An e-mail or SMS: waiting -> sent, failed or suppressed. Holds neither address nor text.

    Of a digest, `notification` is the newest notice that it tells of.
    """

    id: BigSerial = BigSerial(primary_key=True)
    person = goes_with(Person)
    notification = goes_with(Notification, optional=True)
    kind = Varchar(length=12, required=True)
    channel = Varchar(length=4, required=True)
    digest_on = Date(default=None, null=True)
    state = Varchar(length=10, default="waiting")
    reason = Varchar(length=12, default="", help_text="why it was suppressed, or failed")
    attempts = SmallInt(default=0)
    error = Text(default=None, null=True, help_text="class and place of the last error, no data")
    created_at = moment()
    tried_at = moment(optional=True)
    sent_at = moment(optional=True)

    notification_message_kind = Check("kind in ('notice', 'digest', 'confirmation')")
    notification_message_channel = Check("channel in ('mail', 'sms')")
    notification_message_state = Check("state in ('waiting', 'sent', 'failed', 'suppressed')")
    notification_message_subject = Check(
        "(kind = 'confirmation') = (notification is null) and (kind = 'digest') = (digest_on is not null)"
    )


class NotificationSetting(Table, db=DB, tablename="notification_setting"):
    """What a person has set; without a row the defaults hold. No times: no quiet hours."""

    id: BigSerial = BigSerial(primary_key=True)
    person = goes_with(Person)
    quiet_from = Time(default=None, null=True)
    quiet_until = Time(default=None, null=True)
    digest = Boolean(default=False)

    notification_setting_person = Unique([person])
    notification_setting_quiet = Check("(quiet_from is null) = (quiet_until is null)")


class NotificationChoice(Table, db=DB, tablename="notification_choice"):
    """Which channels a person wants for a category."""

    id: BigSerial = BigSerial(primary_key=True)
    person = goes_with(Person)
    category = Varchar(length=40, required=True)
    mail = Boolean(default=True)
    sms = Boolean(default=True)

    notification_choice_category = Unique([person, category])
