"""The manifest and hook implementations of the practice plugin, nothing more."""

from collections.abc import Sequence
from datetime import timedelta

from litestar.types import ControllerRouterHandler

from core.language import mark
from core.manifest import DemoStep, Manifest, NavigationItem, PersonalData, ScheduledTask
from core.plugins import hookimpl
from core.settings import load
from plugins.practice import api, demo, pages, queries, services, tasks
from workers.task import Task

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
def register_pages() -> Sequence[ControllerRouterHandler]:
    return pages.HANDLERS if load().demo else []


@hookimpl
def register_api() -> Sequence[ControllerRouterHandler]:
    return api.HANDLERS if load().demo else []


@hookimpl
def register_demo_steps() -> list[DemoStep]:
    # Last: what other steps leave to be done must not wait for a stand-in that does not run yet.
    return [DemoStep(title=mark("练习收银台"), order=95, build=demo.open_cashier)]


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
