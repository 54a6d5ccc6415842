"""A family of the demo world: a real name that a worker has verified, a child, an elder without a phone.

Invented, as a sample: the number begins with 999999, which is no place, so that it is nobody's.
"""

from collections.abc import Callable
from datetime import date

from core.database import fetch_value, unit_of_work
from core.demo import PASSWORD, WORKER, actor_of, build_region
from core.households.services import register_child, register_resident
from core.language import mark
from core.manifest import DemoAccount, Tour, TourStep
from core.people import rules
from core.people.rules import Grant
from core.people.services import register_household, register_person
from core.privacy.services import see_resident
from core.reference import Ref
from core.registration.rules import POINTS, PRIVACY, VOLUNTEERING
from core.registration.services import give_consent, verify_identity

PARENT = DemoAccount(
    phone="13800006001",
    password=PASSWORD,
    name="邓样安",
    role=mark("家长：实名核验过，替孩子同意，看谁查过资料"),
)
ACCOUNTS = (PARENT,)
_NUMBER = "999999198506010017"
TOUR = Tour(
    code="privacy",
    title=mark("管好自己的资料"),
    intro=mark("看益集知道您什么、谁看过，替孩子逐项同意，下载一份，随时可以注销。"),
    order=50,
    steps=(
        TourStep(
            text=mark("查找“邓”，打开邓样安的资料页：这次查看会被记下"),
            path="/residents/find",
            phone=WORKER.phone,
        ),
        TourStep(text=mark("看看谁看过自己的资料"), path="/me/accesses", phone=PARENT.phone),
        TourStep(text=mark("替孩子同意参加志愿服务，给孩子报一个班次"), path="/children", phone=PARENT.phone),
        TourStep(text=mark("准备一份自己的资料，下载下来"), path="/me/data", phone=PARENT.phone),
    ),
)


async def build_families(report: Callable[[int, int], None]) -> None:
    """All of it, or nothing."""
    if await fetch_value("select id from person where phone = $1", PARENT.phone) is None:
        async with unit_of_work():
            await _build()
    report(1, 1)


async def _build() -> None:
    region_id = await build_region()
    worker = await actor_of(WORKER, Grant(rules.WORKER, Ref("region", region_id)))
    parent_id = await register_person(PARENT.name, phone=PARENT.phone, password=PARENT.password)
    await register_household(region_id, person_ids=[parent_id])
    parent = await actor_of(PARENT)
    await give_consent(PRIVACY.code, actor=parent)
    await verify_identity(parent_id, name=PARENT.name, number=_NUMBER, agreed=True, actor=worker)
    await register_child(
        "邓样小",
        born_on=date(2015, 6, 1),
        agreed=True,
        purposes=[VOLUNTEERING.code, POINTS.code],
        actor=parent,
    )
    await see_resident(parent_id, actor=worker)
    await register_resident(
        "何样老", phone=None, agreed=True, region_id=region_id, household_id=None, actor=worker
    )
