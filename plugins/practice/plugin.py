"""The manifest and hook implementations of the practice plugin, nothing more."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from core.language import mark
from core.manifest import DemoAccount, DemoStep, Manifest, NavigationItem, PersonalData, ScheduledTask
from core.plugins import hookimpl
from core.settings import load
from plugins.practice import demo, queries, services, tasks
from workers.task import Task

if TYPE_CHECKING:
    from litestar.types import ControllerRouterHandler

MANIFEST = Manifest(
    name="practice",
    title=mark("练习"),
    version="0.1.0",
    author="Yiji",
    description=mark("看演示居民会收到的短信和邮件"),
    notifies=False,
)


@hookimpl
def register_piccolo_apps() -> list[str]:
    return ["plugins.practice.piccolo_app"]


@hookimpl
def register_navigation() -> list[NavigationItem]:
    return [NavigationItem(title=mark("练习"), path="/practice/messages", order=90)] if load().demo else []


@hookimpl
def register_pages() -> "Sequence[ControllerRouterHandler]":
    from plugins.practice import pages

    return pages.HANDLERS if load().demo else []


@hookimpl
def register_api() -> "Sequence[ControllerRouterHandler]":
    from plugins.practice import api

    return api.HANDLERS if load().demo else []


@hookimpl
def register_demo_steps() -> list[DemoStep]:
    # Only here: no other process needs the server.
    from plugins.practice.commands.here import running_here

    # Last: what other steps leave to be done must not wait for a stand-in that does not run yet.
    return [
        DemoStep(title=mark("练习收银台"), order=95, build=demo.open_cashier),
        DemoStep(
            title=mark("在各处付款的样例捐赠"),
            order=96,
            build=partial(demo.build_gifts, stand_ins=running_here),
        ),
    ]


@hookimpl
def register_demo_accounts() -> list[DemoAccount]:
    return list(demo.ACCOUNTS)


@hookimpl
def register_tasks() -> list[Task]:
    return [tasks.delete_old]


@hookimpl
def register_schedule() -> list[ScheduledTask]:
    return [ScheduledTask(task=tasks.delete_old.name, every=timedelta(hours=1))]


@hookimpl
async def decide_mail_delivery(
    person_id: int, address: str, subject: str, text: str, key: str
) -> bool | None:
    return await services.keep_mail(person_id, address=address, subject=subject, text=text, key=key)


@hookimpl
async def decide_sms_delivery(phone: str, text: str, key: str) -> bool | None:
    return await services.keep_sms(phone, text=text, key=key)


@hookimpl
async def person_deleted(person_id: int) -> None:
    await services.forget_person(person_id)


@hookimpl
async def collect_personal_data(person_id: int) -> list[PersonalData]:
    return await queries.personal_data(person_id)
