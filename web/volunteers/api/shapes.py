"""What programs send and get."""

from datetime import date, datetime
from typing import Annotated

import msgspec

from core.volunteers.queries.certificates import CertificateView, link_of, statement_of
from core.volunteers.queries.opportunities import OpportunityView, ShiftView
from core.volunteers.queries.records import Earned, ServiceView
from core.volunteers.queries.sign_ups import SignUpView
from core.volunteers.services.opportunities import Plan

_REASON = msgspec.Meta(max_length=200)
_Id = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


class OfferOut(msgspec.Struct):
    """An open opportunity with the first of its shifts to come."""

    id: int
    title: str
    place: str
    organization: str
    region: str
    risk: str
    next_at: datetime
    free: int


class ShiftOut(msgspec.Struct):
    """A shift; `own_state` tells how the asker stands to it ("" not at all)."""

    id: int
    opportunity_id: int
    begins_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    waiting: int
    state: str
    own_state: str

    @classmethod
    def of(cls, shift: ShiftView) -> "ShiftOut":
        """As it is read."""
        return cls(*(getattr(shift, name) for name in cls.__struct_fields__))


class NoShowRuleOut(msgspec.Struct):
    """So many absences within so many days pause signing up with the organization for so long."""

    absences: int
    within_days: int
    pause_days: int


class OpportunityOut(msgspec.Struct):
    """An opportunity; `state` is draft, open or closed. `shifts` are those that are not over."""

    id: int
    organization_id: int
    organization: str
    region: str
    project_id: int | None
    title: str
    task: str
    place: str
    risk: str
    insurance: str
    requirements: str
    age_least: int
    kind: str
    training_id: int | None
    state: str
    shifts: list[ShiftOut] = []
    no_show_rule: NoShowRuleOut | None = None

    @classmethod
    def of(cls, found: OpportunityView, shifts: list[ShiftView]) -> "OpportunityOut":
        """As it is read."""
        values = {name: getattr(found, name) for name in cls.__struct_fields__[:-2]}
        return cls(**values, shifts=[ShiftOut.of(shift) for shift in shifts])


class SignUpOut(msgspec.Struct):
    """One's sign-up; `ahead` is how many wait before it; `plea` and `answer` are about an absence."""

    id: int
    shift_id: int
    title: str
    place: str
    begins_at: datetime
    ends_at: datetime
    state: str
    plea: str
    answer: str
    ahead: int

    @classmethod
    def of(cls, found: SignUpView) -> "SignUpOut":
        """As it is read."""
        return cls(*(getattr(found, name) for name in cls.__struct_fields__))


class EarnedOut(msgspec.Struct):
    """So much of a unit, given on the evidence of a record."""

    amount: str
    unit: str


class ServiceOut(msgspec.Struct):
    """A record; `state` is witnessing, proposed, confirmed, disputed or revoked.

    `earned`: points, say, given for it.
    """

    id: int
    organization_id: int
    organization: str
    title: str
    begins_at: datetime
    ends_at: datetime
    minutes: int
    state: str
    reason: str
    answer: str
    corrects_id: int | None
    earned: list[EarnedOut]

    @classmethod
    def of(cls, found: ServiceView, earned: list[Earned]) -> "ServiceOut":
        """As it is read."""
        values = {name: getattr(found, name) for name in cls.__struct_fields__[:-1]}
        return cls(**values, earned=[EarnedOut(part.amount, part.unit) for part in earned])


class MineOut(msgspec.Struct):
    """One's own service: what comes, what was, and the sum of what is confirmed.

    `stars`: those that the hours are enough for; `held_stars`: those that were awarded.
    """

    minutes: int
    stars: int
    held_stars: int
    next_star_hours: int | None
    coming: list[SignUpOut]
    absences: list[SignUpOut]
    services: list[ServiceOut]


class CertificateOut(msgspec.Struct):
    """A certificate; `path` is what its QR code leads to, `statement` what it says, signed (JWS, EdDSA)."""

    id: int
    number: str
    name: str
    organization: str
    minutes: int
    services: int
    from_on: date
    until_on: date
    issued_at: datetime
    revoked_at: datetime | None
    reason: str
    path: str
    statement: str

    @classmethod
    def of(cls, found: CertificateView) -> "CertificateOut":
        """As its owner wants it to be read."""
        return cls(
            found.id,
            found.number,
            found.shown_name,
            found.organization,
            found.minutes,
            found.services,
            found.from_on,
            found.until_on,
            found.issued_at,
            found.revoked_at,
            found.reason,
            link_of(found),
            statement_of(found),
        )


class CheckedOut(msgspec.Struct):
    """What a stranger learns of a certificate. `is_valid` false: it was revoked."""

    number: str
    is_valid: bool
    name: str
    organization: str
    minutes: int
    services: int
    from_on: date
    until_on: date
    issued_at: datetime
    reason: str
    stars: int
    stars_since: date | None


class KeyOut(msgspec.Struct):
    """A public key as RFC 8037 writes it; `x` is the key itself."""

    kty: str
    crv: str
    alg: str
    use: str
    x: str


class KeysOut(msgspec.Struct):
    """The keys by which statements are checked."""

    keys: list[KeyOut]


class FileJobOut(msgspec.Struct):
    """The job that makes the file; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


class AttendeeOut(msgspec.Struct):
    """Somebody on a leader's list, with the record of the service if there is one."""

    sign_up_id: int
    name: str
    phone: str
    state: str
    came_at: datetime | None
    left_at: datetime | None
    plea: str
    answer: str
    service_id: int | None
    service_state: str
    minutes: int


class CodeOut(msgspec.Struct):
    """The code of this moment, and in how many seconds it changes."""

    code: str
    seconds_left: int


class IdOut(msgspec.Struct):
    """The id of what was made."""

    id: int


class RecordedOut(msgspec.Struct):
    """How many were recorded."""

    recorded: int


class CorrectedOut(msgspec.Struct):
    """The record that took the other's place; null where there is none."""

    id: int | None


class RecordIn(msgspec.Struct):
    """`csv`, `xlsx` or `json`."""

    format: Annotated[str, msgspec.Meta(max_length=10)]


class SignUpIn(msgspec.Struct):
    """`agreed` to the agreement; `meets` the conditions."""

    agreed: bool
    meets: bool


class CodeIn(msgspec.Struct):
    """Six digits from the leader's phone; `seen_at` by who had no network then, to the minute."""

    code: Annotated[str, msgspec.Meta(max_length=20)]
    seen_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class HereIn(msgspec.Struct):
    """Where the phone is: "latitude, longitude"."""

    position: Annotated[str, msgspec.Meta(max_length=40)]


class ReasonIn(msgspec.Struct):
    """Why."""

    reason: Annotated[str, _REASON]


class MinutesIn(msgspec.Struct):
    """What was served; a reason where it is not what the clock says."""

    minutes: Annotated[int, msgspec.Meta(ge=0, le=10_000)]
    reason: Annotated[str, _REASON] = ""


class AbsenceIn(ReasonIn):
    """The leader's answer; `is_excused` false declines a plea."""

    is_excused: bool = True


class WitnessIn(msgspec.Struct):
    """What a witness says."""

    agrees: bool


class BackfillIn(MinutesIn, kw_only=True):
    """Who came without a place on the list, and the persons who saw it."""

    phone: Annotated[str, msgspec.Meta(pattern=r"^1[3-9][0-9]{9}$(?!\n)")]
    name: Annotated[str, msgspec.Meta(max_length=40)]
    witness_ids: Annotated[list[_Id], msgspec.Meta(min_length=2, max_length=2)]


class PresentOut(msgspec.Struct):
    """Somebody who has checked in, and can be asked as a witness."""

    person_id: int
    name: str


class CertificateIn(msgspec.Struct):
    """From whom, and whether the name is to be read in full."""

    organization_id: _Id
    shows_name: bool = False


class PlanIn(msgspec.Struct):
    """An opportunity; `risk` is low or high, and high needs an insurance before it opens.

    With a `position` ("latitude, longitude") people can check in by being there.
    """

    title: Annotated[str, msgspec.Meta(pattern=r"\S", max_length=60)]
    task: Annotated[str, msgspec.Meta(pattern=r"\S", max_length=2000)]
    place: Annotated[str, msgspec.Meta(pattern=r"\S", max_length=120)]
    risk: Annotated[str, msgspec.Meta(pattern=r"^(low|high)$(?!\n)")] = "low"
    insurance: Annotated[str, msgspec.Meta(max_length=120)] = ""
    requirements: Annotated[str, msgspec.Meta(max_length=300)] = ""
    age_least: Annotated[int, msgspec.Meta(ge=8, le=80)] = 18
    project_id: _Id | None = None
    kind: Annotated[str, msgspec.Meta(pattern=r"^(service|training)$(?!\n)")] = "service"
    training_id: _Id | None = None
    position: Annotated[str, msgspec.Meta(max_length=40)] = ""

    def plan(self) -> Plan:
        """As the service wants it."""
        return Plan(**{name: getattr(self, name) for name in PlanIn.__struct_fields__})


class NewIn(PlanIn, kw_only=True):
    """The same, with the organization that asks for volunteers."""

    organization_id: _Id


class ShiftIn(msgspec.Struct):
    """From when to when, with time zones, and for how many."""

    begins_at: Annotated[datetime, msgspec.Meta(tz=True)]
    ends_at: Annotated[datetime, msgspec.Meta(tz=True)]
    capacity: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
