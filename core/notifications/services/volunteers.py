"""What volunteers and leaders are told. Volunteering stands below: it asks by jobs and events."""

from core import clock
from core.language import mark, show_time
from core.notifications.services import notify
from core.people import queries as people
from core.reference import Ref
from core.registration.queries import Reader, reader_of
from core.volunteers.queries import records, sign_ups, witnesses
from core.volunteers.queries.sign_ups import SignUpView
from core.volunteers.rules.flows import ABSENT, LEAD, PLACED
from core.volunteers.rules.terms import volunteer_number

_MINE = "/volunteers/mine"
# what happened -> title, body
_WORDS = {
    "placed": (
        mark("候补到了名额"),
        mark("有人取消，您在“%(what)s”有名额了：%(begins)s，%(place)s。来不了请尽早取消。"),
    ),
    "reminded": (
        mark("明天有志愿服务"),
        mark("“%(what)s”：%(begins)s，%(place)s。到场请按负责人手机上的码签到；来不了请现在取消。"),
    ),
    "called_off": (
        mark("志愿服务班次取消了"),
        mark("“%(what)s”（%(begins)s）已经取消，不用来了。原因请看岗位页面。"),
    ),
    "proposed": (
        mark("请确认服务时长"),
        mark("您在“%(what)s”（%(begins)s）的服务时长已经记录，请核对；不对可以提出异议。"),
    ),
    "absent": (
        mark("登记您没有来"),
        mark("“%(what)s”（%(begins)s）登记您没有来。不对的话，或者有特别的原因，请在我的服务里申诉。"),
    ),
    "answered": (
        mark("缺席有了答复"),
        mark("“%(what)s”（%(begins)s）的缺席，负责人有了答复，请查看。"),
    ),
    "dropped": (
        mark("服务时长有更正"),
        mark("您在“%(what)s”（%(begins)s）还没确认的时长记录已被负责人收回。"),
    ),
}
_FOR_LEADERS = {
    "disputed": (
        mark("志愿者对时长有异议"),
        mark("“%(what)s”（%(begins)s）有一条时长记录被提出异议，请核对后更正。"),
    ),
    "pleaded": (
        mark("有人对缺席申诉"),
        mark("“%(what)s”（%(begins)s）有人说明了没有来的原因，请答复。"),
    ),
}
_ABOUT_A_PLACE = ("placed", "reminded")
_OF_THE_SHIFT = ("absent", "answered")


async def tell_volunteer(what: str, sign_up_id: int) -> None:
    """Tell who is concerned, if it still holds."""
    found = await sign_ups.sign_up(sign_up_id)
    if what in _FOR_LEADERS:
        await _tell_leaders(what, found)
    elif what == "witnessing":
        await _tell_witnesses(found)
    elif await _still_holds(what, found):
        title, body = _WORDS[what]
        reader = await reader_of(found.person_id)
        notify(
            reader.person_id,
            title=title,
            body=body,
            path=_path(what, found, reader),
            urgent=what == "called_off",
            what=_named(found.title, found.person_id, reader),
            begins=show_time(found.begins_at),
            **({"place": found.place} if what in _ABOUT_A_PLACE else {}),
        )


def _named(title: str, person_id: int, reader: Reader) -> str:
    """What it is about, for a guardian with the child's number: notices name no third person."""
    return f"{title} · {volunteer_number(person_id)}" if reader.is_guardian else title


def _of_child(child_id: int) -> str:
    return f"/volunteers/children/{child_id}"


def _path(what: str, found: SignUpView, reader: Reader) -> str:
    if reader.is_guardian:
        return _of_child(found.person_id) + (f"/shifts/{found.shift_id}" if what in _OF_THE_SHIFT else "")
    if what == "called_off":
        return f"/volunteers/{found.opportunity_id}"
    return f"/volunteers/shifts/{found.shift_id}" if what in _OF_THE_SHIFT else _MINE


async def _still_holds(what: str, found: SignUpView) -> bool:
    """Jobs may run late: nobody is told of a place that is cancelled, or asked for what is confirmed."""
    if what in _ABOUT_A_PLACE:
        return found.state == PLACED
    if what == "absent":
        return found.state == ABSENT
    return what != "proposed" or await records.awaits_answer(found.id)


async def _tell_leaders(what: str, found: SignUpView) -> None:
    title, body = _FOR_LEADERS[what]
    for person_id in await people.holders(LEAD, Ref("organization", found.organization_id)):
        notify(
            person_id,
            title=title,
            body=body,
            path=f"/volunteers/lead/shifts/{found.shift_id}",
            what=found.title,
            begins=show_time(found.begins_at),
        )


async def _tell_witnesses(found: SignUpView) -> None:
    for service_id, person_id in await witnesses.asked_about(found.id):
        notify(
            person_id,
            title=mark("请您作证"),
            body=mark("“%(what)s”（%(begins)s）要补录一个人的服务，负责人说您当时在场。请看看对不对。"),
            path=f"/volunteers/services/{service_id}",
            what=found.title,
            begins=show_time(found.begins_at),
        )


async def tell_revoked(service_id: int) -> None:
    """A confirmed record was taken back: the volunteer learns why."""
    found = await records.service(service_id)
    reader = await reader_of(found.person_id)
    notify(
        reader.person_id,
        title=mark("已确认的服务时长被更正"),
        body=mark("您在“%(what)s”的 %(minutes)s 分钟已被撤销。以它为准的服务证明同时作废，请重新开具。"),
        path=_of_child(found.person_id) if reader.is_guardian else _MINE,
        what=_named(found.title, found.person_id, reader),
        minutes=found.minutes,
    )


async def tell_star(person_id: int, minutes: int) -> None:
    """These minutes may have brought the volunteer the next star."""
    served = await records.minutes_of(person_id)
    after = await records.star_of(served, person_id, clock.today())
    before = await records.star_of(served - minutes, person_id, clock.today())
    if after.stars > before.stars:
        reader = await reader_of(person_id)
        notify(
            reader.person_id,
            title=mark("时长够升星了"),
            body=mark("志愿服务时长达到了 %(stars)s 星志愿者的标准，可以申请授星。谢谢您！"),
            path=_of_child(person_id) if reader.is_guardian else _MINE,
            stars=after.stars,
        )
