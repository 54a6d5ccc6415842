"""Codes that were asked for, what people have consented to, and identity numbers."""

from piccolo.columns import BigInt, BigSerial, Boolean, Bytea, SmallInt, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, goes_with, moment
from core.database import DB
from core.people.tables import Person


class PhoneCode(Table, db=DB, tablename="phone_code"):
    """A code that proves a phone. `token` is the address of its page; the digits are never stored.

    With `issued_by` a community worker has told it, and no SMS is sent. `person` asks for a new phone.
    """

    id: BigSerial = BigSerial(primary_key=True)
    token = Varchar(length=43, required=True, unique=True)
    phone = Varchar(length=11, required=True)
    purpose = Varchar(length=10, required=True)
    person = belongs_to(Person, optional=True)
    issued_by = BigInt(default=None, null=True)
    address = Bytea(default=None, null=True, help_text="a keyed hash of where it was asked for")
    language = Varchar(length=2, default="zh")
    tries = SmallInt(default=0)
    created_at = moment()
    expires_at = moment()
    used_at = moment(optional=True)

    phone_code_phone = Check("phone ~ '^1[3-9][0-9]{9}$'")
    phone_code_purpose = Check("purpose in ('register', 'reset', 'change')")
    phone_code_person = Check("(purpose = 'change') = (person is not null)")
    phone_code_expires = Check("expires_at > created_at")
    phone_code_tries = Check("tries >= 0")
    phone_code_language = Check("language in ('zh', 'en')")


class Consent(Table, db=DB, tablename="consent"):
    """Given or withdrawn, for one purpose, to the text of `version`. The latest row counts."""

    id: BigSerial = BigSerial(primary_key=True)
    person = belongs_to(Person)
    purpose = Varchar(length=40, required=True)
    is_given = Boolean(default=True)
    version = Varchar(length=10, required=True)
    witness = BigInt(default=None, null=True, help_text="the worker before whom it was said")
    decided_at = moment()


class PersonIdentity(Table, db=DB, tablename="person_identity"):
    """The number on somebody's identity card, encrypted; `fingerprint` is a keyed hash.

    Without `verified_at` the person has typed it and nobody has seen the card: then others may type the same
    one, so that nobody can keep a number from its owner. Verified it is there once (`migrations/core/`).
    """

    id: BigSerial = BigSerial(primary_key=True)
    person = goes_with(Person, unique=True)
    number = Bytea(default=None, null=False, secret=True)
    fingerprint = Bytea(default=None, null=False, secret=True)
    witness = belongs_to(Person, optional=True)
    verified_at = moment(optional=True)
