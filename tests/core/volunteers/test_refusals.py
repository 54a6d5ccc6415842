"""Every step from an offer to a certificate, and who is refused at it when, with the reason that is read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from core import clock
from core.errors import YijiError
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.volunteers import errors
from core.volunteers.queries import opportunities
from core.volunteers.queries.records import service
from core.volunteers.rules.terms import Span
from core.volunteers.services import attendance, certificates, records, sign_ups
from core.volunteers.services import opportunities as offering
from core.workflow import WrongState
from tests.core.volunteers.shifts import HOURS, PLAN, Team, attend, code_now, join, make_shift, make_team
from tests.factories import make_resident

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Scene:
    """A shift with one place, whoever came to it, and strangers. `at`: a moment of the shift, frozen."""

    team: Team
    rival: Team
    person: Actor
    waiting: Actor
    stranger: Actor
    shift: int
    place: int
    queued: int
    span: Span
    service: int = 0
    certificate: int = 0


async def _scene(team: Team, person: Actor) -> Scene:
    shift = await make_shift(team, capacity=1)
    waiting, stranger = [await make_resident(team.organization.region_id) for _ in range(2)]
    place, queued = await join(shift, person), await join(shift, waiting)
    span = (await opportunities.shift(shift)).span
    return Scene(team, await make_team(), person, waiting, stranger, shift, place, queued, span)


async def _attended(scene: Scene) -> None:
    await attend(scene.shift, scene.person)


async def _proposed(scene: Scene) -> None:
    await _attended(scene)
    with clock.frozen(scene.span.ends_at):
        scene.service = await records.propose_service(scene.place, 120, actor=scene.team.leader)


async def _disputed(scene: Scene) -> None:
    await _proposed(scene)
    await records.dispute_service(scene.service, answer="少记了", actor=scene.person)


async def _confirmed(scene: Scene) -> None:
    await _proposed(scene)
    await records.confirm_service(scene.service, actor=scene.person)
    scene.certificate = await certificates.issue_certificate(
        scene.team.organization.id, shows_name=False, actor=scene.person
    )


async def _revoked(scene: Scene) -> None:
    await _confirmed(scene)
    await records.correct_service(scene.service, 0, reason="记错了", actor=scene.team.leader)


async def _closed(scene: Scene) -> None:
    opportunity_id = (await opportunities.shift(scene.shift)).opportunity_id
    await offering.close_opportunity(opportunity_id, actor=scene.team.leader)


async def _called_off(scene: Scene) -> None:
    await offering.cancel_shift(scene.shift, reason="下雨", actor=scene.team.leader)


async def _nothing(_: Scene) -> None: ...


Step = Callable[[Scene], Awaitable[object]]
Moment = Callable[[Span], datetime]


def before(span: Span) -> datetime:
    return span.begins_at - HOURS


def begun(span: Span) -> datetime:
    return span.begins_at


def over(span: Span) -> datetime:
    return span.ends_at


def much_later(span: Span) -> datetime:
    return span.ends_at + 30 * DAY + MINUTE


def _add_shift(actor: Callable[[Scene], Actor]) -> Step:
    async def act(s: Scene) -> object:
        found = await opportunities.shift(s.shift)
        later = Span(s.span.ends_at, s.span.ends_at + HOURS)
        return await offering.add_shift(found.opportunity_id, later, capacity=1, actor=actor(s))

    return act


def _propose(actor: Callable[[Scene], Actor], minutes: int = 120, reason: str = "") -> Step:
    return lambda s: records.propose_service(s.place, minutes, reason=reason, actor=actor(s))


def _correct(actor: Callable[[Scene], Actor], minutes: int = 60) -> Step:
    return lambda s: records.correct_service(s.service, minutes, reason="核对过了", actor=actor(s))


def leader(s: Scene) -> Actor:
    return s.team.leader


def rival(s: Scene) -> Actor:
    return s.rival.leader


def person(s: Scene) -> Actor:
    return s.person


def _check_in(s: Scene) -> Awaitable[None]:
    return attendance.check_in(s.shift, code_now(s.shift), actor=s.person)


def _check_out(s: Scene) -> Awaitable[None]:
    return attendance.check_out(s.shift, code_now(s.shift), actor=s.person)


Case = tuple[str, Step, Moment, Step, type[YijiError], str]
CASES: list[Case] = [
    # what was prepared, when it is tried, what is tried, the refusal and what it says
    (
        "offer by who leads nowhere",
        _nothing,
        before,
        lambda s: offering.create_opportunity(PLAN, organization_id=s.team.organization.id, actor=s.person),
        PermissionMissing,
        "没有办理这件事的权限",
    ),
    ("shift by another tenant", _nothing, before, _add_shift(rival), errors.OpportunityNotFound, "没有找到"),
    ("shift after the end", _closed, before, _add_shift(leader), errors.OpportunityNotOpen, "不接受报名"),
    (
        "sign up too late",
        _nothing,
        begun,
        lambda s: join(s.shift, s.stranger),
        errors.ShiftBegun,
        "已经开始",
    ),
    (
        "sign up for what is over",
        _closed,
        before,
        lambda s: join(s.shift, s.stranger),
        errors.OpportunityNotOpen,
        "不接受报名",
    ),
    (
        "sign up for what was called off",
        _called_off,
        before,
        lambda s: join(s.shift, s.stranger),
        errors.ShiftCancelled,
        "已经取消",
    ),
    (
        "cancel another's place",
        _nothing,
        before,
        lambda s: sign_ups.cancel_sign_up(s.place, actor=s.waiting),
        errors.SignUpNotFound,
        "没有找到这份报名",
    ),
    (
        "cancel as a leader",
        _nothing,
        before,
        lambda s: sign_ups.cancel_sign_up(s.place, actor=s.team.leader),
        errors.SignUpNotFound,
        "没有找到这份报名",
    ),
    (
        "cancel too late",
        _nothing,
        begun,
        lambda s: sign_ups.cancel_sign_up(s.place, actor=s.person),
        errors.ShiftBegun,
        "已经开始",
    ),
    (
        "cancel what was attended",
        _attended,
        over,
        lambda s: sign_ups.cancel_sign_up(s.place, actor=s.person),
        errors.SignUpIsSettled,
        "不能再取消",
    ),
    (
        "code for another tenant",
        _nothing,
        begun,
        lambda s: attendance.code_shown(s.shift, actor=s.rival.leader),
        errors.OpportunityNotFound,
        "没有找到",
    ),
    (
        "code for a volunteer",
        _nothing,
        begun,
        lambda s: attendance.code_shown(s.shift, actor=s.person),
        errors.OpportunityNotFound,
        "没有找到",
    ),
    ("check in too early", _nothing, before, _check_in, errors.TooEarlyToCheckIn, "开始前 30 分钟"),
    ("check in too late", _nothing, over, _check_in, errors.TooLateToCheckIn, "班次已经结束"),
    ("check in again after leaving", _attended, begun, _check_in, errors.NoPlace, "没有名额"),
    (
        "check in from the queue",
        _nothing,
        begun,
        lambda s: attendance.check_in(s.shift, code_now(s.shift), actor=s.waiting),
        errors.NoPlace,
        "请找现场负责人",
    ),
    (
        "check in without having signed up",
        _nothing,
        begun,
        lambda s: attendance.check_in(s.shift, code_now(s.shift), actor=s.stranger),
        errors.SignUpNotFound,
        "没有找到这份报名",
    ),
    ("check out without having come", _nothing, begun, _check_out, errors.NoPlace, "没有名额"),
    (
        "mark oneself as a leader of another tenant",
        _nothing,
        begun,
        lambda s: attendance.mark_present(s.place, actor=s.rival.leader),
        errors.OpportunityNotFound,
        "没有找到",
    ),
    (
        "mark who left as absent",
        _attended,
        over,
        lambda s: attendance.mark_absent(s.place, actor=s.team.leader),
        WrongState,
        "现在是“",
    ),
    ("record for another tenant", _attended, over, _propose(rival), errors.OpportunityNotFound, "没有找到"),
    ("record as the volunteer", _attended, over, _propose(person), errors.OpportunityNotFound, "没有找到"),
    ("record before the end", _nothing, begun, _propose(leader, 60, "补记"), errors.NotOver, "还没有结束"),
    ("record too late", _attended, much_later, _propose(leader), errors.TooLateToRecord, "超过 30 天"),
    ("record twice", _proposed, over, _propose(leader), errors.RecordedAlready, "已经记录"),
    (
        "record too much",
        _attended,
        over,
        _propose(leader, 121, "加班"),
        errors.MinutesOutOfRange,
        "1 到 120",
    ),
    ("record less without a reason", _attended, over, _propose(leader, 119), errors.ReasonMissing, "原因"),
    (
        "confirm for somebody else",
        _proposed,
        over,
        lambda s: records.confirm_service(s.service, actor=s.team.leader),
        errors.ServiceNotFound,
        "没有找到这条服务记录",
    ),
    (
        "confirm what is disputed",
        _disputed,
        over,
        lambda s: records.confirm_service(s.service, actor=s.person),
        WrongState,
        "现在是“",
    ),
    (
        "confirm what was taken back",
        _revoked,
        over,
        lambda s: records.confirm_service(s.service, actor=s.person),
        WrongState,
        "现在是“",
    ),
    (
        "dispute what is confirmed",
        _confirmed,
        over,
        lambda s: records.dispute_service(s.service, answer="不对", actor=s.person),
        WrongState,
        "现在是“",
    ),
    ("correct another tenant's", _disputed, over, _correct(rival), errors.ServiceNotFound, "没有找到"),
    ("correct one's own", _disputed, over, _correct(person), errors.ServiceNotFound, "没有找到"),
    ("correct too late", _disputed, much_later, _correct(leader), errors.TooLateToRecord, "超过 30 天"),
    ("correct to too much", _disputed, over, _correct(leader, 121), errors.MinutesOutOfRange, "1 到 120"),
    ("correct twice", _revoked, over, _correct(leader), WrongState, "已经是“"),
    (
        "certify what is not confirmed",
        _proposed,
        over,
        lambda s: certificates.issue_certificate(s.team.organization.id, shows_name=False, actor=s.person),
        errors.NothingToCertify,
        "还没有已确认的服务",
    ),
    (
        "certify another's service",
        _confirmed,
        over,
        lambda s: certificates.issue_certificate(s.team.organization.id, shows_name=False, actor=s.stranger),
        errors.NothingToCertify,
        "还没有已确认的服务",
    ),
    (
        "revoke another tenant's certificate",
        _confirmed,
        over,
        lambda s: certificates.revoke_certificate(s.certificate, reason="冒名", actor=s.rival.leader),
        errors.CertificateNotFound,
        "查不到这份证明",
    ),
    (
        "revoke one's own certificate",
        _confirmed,
        over,
        lambda s: certificates.revoke_certificate(s.certificate, reason="冒名", actor=s.person),
        errors.CertificateNotFound,
        "查不到这份证明",
    ),
    (
        "revoke a void certificate",
        _revoked,
        over,
        lambda s: certificates.revoke_certificate(s.certificate, reason="冒名", actor=s.team.leader),
        errors.CertificateRevoked,
        "已经作废",
    ),
    (
        "print a void certificate",
        _revoked,
        over,
        lambda s: certificates.ask_for_certificate(s.certificate, actor=s.person),
        errors.CertificateRevoked,
        "已经作废",
    ),
]


@pytest.mark.parametrize(
    ("prepare", "moment", "act", "refusal", "says"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
async def test_who_is_refused_at_which_step(
    team: Team,
    person: Actor,
    prepare: Step,
    moment: Moment,
    act: Step,
    refusal: type[YijiError],
    says: str,
) -> None:
    scene = await _scene(team, person)
    await prepare(scene)
    standing = (await service(scene.service)).state if scene.service else ""
    with clock.frozen(moment(scene.span)), pytest.raises(refusal, match=says):
        await act(scene)
    if scene.service:
        assert (await service(scene.service)).state == standing
