"""What volunteers and leaders may send."""

from datetime import date, datetime
from typing import Annotated

import msgspec

from core import clock
from core.language import mark
from core.volunteers.rules.notes import minute_of
from core.volunteers.rules.terms import REASON_MOST, Span
from core.volunteers.services.opportunities import Plan
from web.forms import said, tidy_line

_LATER = 2**53
_CLOCK = said(mark("时间写成 09:00 这样"), tidy=tidy_line, pattern=r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$")
_AGE = said(mark("孩子的年龄是 8 到 17 之间的整数"), tidy=tidy_line, ge=8, le=17)
_REASON = said(mark("最多 200 个字"), max_length=REASON_MOST)


class OfferSearch(msgspec.Struct):
    """What the list's form asks for."""

    words: Annotated[str, said(mark("最多 40 个字"), max_length=40)] = ""
    region: Annotated[int, said(mark("没有这个地区"), ge=1, le=_LATER)] | None = None
    day: Annotated[date | None, said(mark("日期写成 2026-12-31 这样"))] = None
    age: Annotated[int, _AGE] | None = None
    number: Annotated[int, said(mark("没有这一页"), ge=1, le=10**6)] = 1


class SignUpForm(msgspec.Struct):
    """The two ticks above the button."""

    agreed: bool
    meets: bool


class CodeForm(msgspec.Struct):
    """Six digits from the leader's phone."""

    code: Annotated[str, said(mark("签到码是 6 位数字"), tidy=tidy_line, max_length=20)]
    seen_at: Annotated[
        str, said(mark("时间写成 09:00 这样"), tidy=tidy_line, pattern=r"^(([01]?[0-9]|2[0-3]):[0-5][0-9])?$")
    ] = ""

    def moment(self, shift: Span) -> datetime | None:
        """The minute in which it was seen, if it is not sent at once; after midnight it is the next day."""
        if not self.seen_at:
            return None
        hours, minutes = (int(part) for part in self.seen_at.split(":"))
        return minute_of(hours, minutes, shift)


class HereForm(msgspec.Struct):
    """Where the phone is; "" where it does not tell."""

    here: Annotated[str, said(mark("最多 40 个字"), tidy=tidy_line, max_length=40)] = ""


class NotesForm(msgspec.Struct):
    """What a leader has noted, a line each."""

    notes: Annotated[str, said(mark("最多 8000 个字"), max_length=8_000)]


class ReasonForm(msgspec.Struct):
    """Why."""

    reason: Annotated[str, _REASON]


class MinutesForm(msgspec.Struct):
    """What was served; the reason where it is not what the clock says."""

    minutes: Annotated[int, said(mark("时长是整数分钟"), tidy=tidy_line, ge=0, le=10_000)]
    reason: Annotated[str, _REASON] = ""


class AbsenceForm(ReasonForm):
    """The leader's answer to an absence."""

    verdict: Annotated[str, said(mark("请选择谅解或者不谅解"), pattern="^(excused|declined)$")]


class WitnessForm(msgspec.Struct):
    """What a witness says."""

    agrees: Annotated[str, said(mark("请选择是或者不是"), pattern="^(yes|no)$")]


class BackfillForm(MinutesForm, kw_only=True):
    """Who came without a place on the list, and who saw it."""

    phone: Annotated[str, said(mark("手机号是 11 位数字"), tidy=tidy_line, pattern=r"^1[3-9]\d{9}$")]
    name: Annotated[str, said(mark("最多 40 个字"), tidy=tidy_line, max_length=40)]
    first_id: Annotated[int, said(mark("请选择证人"), ge=1, le=_LATER)]
    second_id: Annotated[int, said(mark("请选择证人"), ge=1, le=_LATER)]


class CertificateForm(msgspec.Struct):
    """From whom, and whether the name is to be read in full."""

    organization_id: Annotated[int, said(mark("请选择组织"), ge=1, le=_LATER)]
    shows_name: bool


class StarForm(msgspec.Struct):
    """Consent to be published."""

    agreed: bool


class VerdictForm(ReasonForm):
    """Does a star stay?"""

    verdict: Annotated[str, said(mark("请选择保留或者取消"), pattern="^(keep|withdraw)$")]


class RecordForm(msgspec.Struct):
    """The format of the file."""

    format: Annotated[str, said(mark("请选择一种格式"), max_length=10)]


class PlanForm(msgspec.Struct):
    """An opportunity as its leader describes it."""

    title: Annotated[str, said(mark("最多 60 个字"), max_length=60)]
    task: Annotated[str, said(mark("最多 2000 个字"), max_length=2000)]
    place: Annotated[str, said(mark("最多 120 个字"), max_length=120)]
    risk: Annotated[str, said(mark("请选择风险"), pattern="^(low|high)$")]
    age_least: Annotated[int, said(mark("年龄是 8 到 80 之间的整数"), tidy=tidy_line, ge=8, le=80)]
    insurance: Annotated[str, said(mark("最多 120 个字"), max_length=120)] = ""
    requirements: Annotated[str, said(mark("最多 300 个字"), max_length=300)] = ""
    project_id: Annotated[int, said(mark("没有这个项目"), ge=1, le=_LATER)] | None = None
    kind: Annotated[str, said(mark("请选择服务或者培训"), pattern="^(service|training)$")] = "service"
    training_id: Annotated[int, said(mark("请选择本组织的一个培训"), ge=1, le=_LATER)] | None = None
    position: Annotated[str, said(mark("最多 40 个字"), tidy=tidy_line, max_length=40)] = ""

    def plan(self) -> Plan:
        """As the service wants it."""
        return Plan(**msgspec.structs.asdict(self))


class NewForm(PlanForm, kw_only=True):
    """The same, with the organization that asks for volunteers."""

    organization_id: Annotated[int, said(mark("请选择组织"), ge=1, le=_LATER)]

    def plan(self) -> Plan:
        """As the service wants it."""
        values = msgspec.structs.asdict(self)
        del values["organization_id"]
        return Plan(**values)


class ShiftForm(msgspec.Struct):
    """A day, from when to when, and for how many."""

    day: Annotated[date, said(mark("日期写成 2026-12-31 这样"))]
    begins_at: Annotated[str, _CLOCK]
    ends_at: Annotated[str, _CLOCK]
    capacity: Annotated[int, said(mark("名额是 1 到 10000 之间的整数"), tidy=tidy_line, ge=1, le=10_000)]

    def span(self) -> Span:
        """On the users' wall clock."""
        return Span(self._at(self.begins_at), self._at(self.ends_at))

    def _at(self, hour: str) -> datetime:
        hours, minutes = (int(part) for part in hour.split(":"))
        return clock.begin_of(self.day).replace(hour=hours, minute=minutes)


class ShiftSearch(msgspec.Struct, frozen=True):
    """Which of the shifts a leader wants to see."""

    since: Annotated[date | None, said(mark("日期写成 2026-12-31 这样"))] = None
    over: bool = False
    page_number: Annotated[int, said(mark("没有这一页"), ge=1, le=10**6)] = 1
