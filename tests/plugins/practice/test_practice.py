"""What would have been sent: kept for the demo's invented persons, and for nobody else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from core import clock, plugins
from core.database import fetch, fetch_value
from core.demo import RESIDENT
from core.people.rules import Actor
from plugins.practice import plugin, queries, services
from tests.core.notifications.mail_server import mail_server
from tests.core.notifications.persons import make_reachable, messages, tell
from tests.factories import new_phone

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
async def resident(db: str, data_folder: Path) -> Actor:
    """The demo's resident, with an address that a visitor has typed."""
    return await make_reachable("visitor@example.org", phone=RESIDENT.phone)


async def test_the_pages_show_what_the_person_would_read(client: httpx.AsyncClient, resident: Actor) -> None:
    await fetch("delete from practice_message")
    await tell(resident, "请看 %(what)s", at=NOON, what="<公告>", path="/garden")
    assert await messages(resident) == [("mail", "sent", ""), ("sms", "sent", "")]
    page = (await client.get("/practice/messages")).text
    assert "【益集】题目：请看 &lt;公告&gt;" in page
    assert ">练习<" in page
    assert "v***@example.org" in page
    assert "visitor@example.org" not in page
    kept = (await client.get("/api/v1/practice/messages")).json()
    assert [(m["channel"], m["phone"]) for m in kept] == [("sms", RESIDENT.phone), ("mail", RESIDENT.phone)]
    assert kept[1]["subject"] == "题目"
    assert "visitor@example.org" not in str(kept)


async def test_the_list_is_filtered_by_phone_and_channel_and_paged(
    client: httpx.AsyncClient, resident: Actor
) -> None:
    await fetch("delete from practice_message")
    for number in range(21):
        await services.keep_sms(RESIDENT.phone, text=f"第 {number} 条", key=f"k{number}")
    first = (await client.get("/practice/messages", params={"channel": "sms"})).text
    assert first.count('<li class="card') == 20
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "第 0 条" in (await client.get(f"/practice/messages{older}")).text
    for nothing in ({"channel": "mail"}, {"phone": "13800000009"}, {"phone": "'"}, {"channel": "fax\x00"}):
        page = await client.get("/practice/messages", params=nothing)
        assert (page.status_code, "没有这样的消息" in page.text) == (200, True)
        assert (await client.get("/api/v1/practice/messages", params=nothing)).json() == []
    assert (await client.get("/practice")).headers["location"] == "/practice/messages"


async def test_a_message_that_comes_twice_is_kept_once(resident: Actor) -> None:
    for _ in range(2):
        assert await services.keep_sms(RESIDENT.phone, text="字", key="message-0") is True
    assert await fetch_value("select count(*) from practice_message where key = 'message-0'") == 1


async def test_a_deleted_account_leaves_no_message_behind(resident: Actor, db: str) -> None:
    await fetch("delete from practice_message")
    phone = "13800007654"
    await services.keep_sms(phone, text="验证码", key="before")  # before there is an account
    leaver = await make_reachable("leaver@example.org", phone=phone)
    await tell(leaver, "给走的人", at=NOON, path="/garden")
    await tell(resident, "给留下的人", at=NOON, path="/garden")
    assert await fetch_value("select count(*) from practice_message where phone = $1", phone) == 3
    for _ in range(2):
        await plugin.person_deleted(leaver.person_id)
    assert {row["phone"] for row in await fetch("select phone from practice_message")} == {RESIDENT.phone}


async def test_nobody_elses_message_is_taken(db: str, data_folder: Path) -> None:
    reader = await make_reachable("li@example.org", phone=new_phone())
    await tell(reader, at=NOON)
    assert {state for _, state, _ in await messages(reader)} == {"suppressed"}
    assert await fetch_value("select count(*) from practice_message") == 0


async def test_a_production_deployment_has_no_practice(
    resident: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plugin.register_pages()
    monkeypatch.setenv("YIJI_DEMO", "0")
    assert await services.keep_sms(RESIDENT.phone, text="字", key="k") is None
    mail = {"address": "a@b.cn", "subject": "题", "text": "字", "key": "k"}
    assert await services.keep_mail(resident.person_id, **mail) is None
    assert [*plugin.register_pages(), *plugin.register_api(), *plugin.register_navigation()] == []


async def test_a_disabled_practice_answers_nothing(resident: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        plugins, "manager", lambda: plugins.build(plugins.installed(), disabled=frozenset({"practice"}))
    )
    answer = await plugins.decide("decide_sms_delivery", phone=RESIDENT.phone, text="字", key="k")
    assert answer is None


async def test_a_real_server_is_used_where_there_is_one(
    resident: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fetch("delete from practice_message")
    async with mail_server() as server:
        monkeypatch.setenv("YIJI_SMTP_URL", server.url)
        await tell(resident, at=NOON)
    assert [message["To"] for message in server.received] == ["visitor@example.org"]
    assert await fetch_value("select string_agg(channel, ',') from practice_message") == "sms"


async def test_messages_are_forgotten_after_a_week(resident: Actor) -> None:
    with clock.frozen(NOON):
        await services.keep_sms(RESIDENT.phone, text="字", key="k")
    with clock.frozen(NOON + timedelta(days=7)):
        await services.delete_old()
        assert await fetch_value("select count(*) from practice_message where key = 'k'") == 1
    with clock.frozen(NOON + timedelta(days=7, seconds=1)):
        await services.delete_old()
    assert await fetch_value("select count(*) from practice_message where key = 'k'") == 0


async def test_the_copy_of_ones_data_has_the_messages(resident: Actor) -> None:
    await fetch("delete from practice_message")
    await tell(resident, "请看 %(what)s", at=NOON, what="公告", path="/garden")
    (part,) = await queries.personal_data(resident.person_id)
    assert {row["channel"] for row in part.rows} == {"sms", "mail"}
    stranger = await make_reachable("other@example.org", phone=new_phone())
    assert await queries.personal_data(stranger.person_id) == []
