"""The inbox and the preferences, as people and programs use them."""

import httpx
import pytest

from core import plugins
from core.database import fetch_value, unit_of_work
from core.notifications.services import notify
from core.people.rules import Actor
from tests.core.notifications.persons import link_token
from tests.factories import PASSWORD, make_region, make_resident, new_phone
from tests.web.visitors import form_token, log_in, send_form
from workers.drain import run_due_jobs


@pytest.fixture
async def reader(client: httpx.AsyncClient) -> Actor:
    """Signed in at `client`."""
    phone = new_phone()
    person = await make_resident(await make_region(), phone=phone, password=PASSWORD)
    await log_in(client, phone)
    return person


async def tell(person: Actor, *bodies: str) -> None:
    for body in bodies:
        async with unit_of_work():
            notify(person.person_id, title="题目", body=body, path="/garden")
        await run_due_jobs()


async def bearer(client: httpx.AsyncClient, person: Actor) -> dict[str, str]:
    phone = await fetch_value("select phone from person where id = $1", person.person_id)
    answer = await client.post("/api/v1/sessions", json={"phone": phone, "password": PASSWORD})
    return {"authorization": f"Bearer {answer.json()['token']}"}


async def test_the_menu_of_every_page_says_how_many_are_unread(
    client: httpx.AsyncClient, reader: Actor
) -> None:
    assert "条未读" not in (await client.get("/")).text
    await tell(reader, "一", "二")
    for path in ("/", "/garden", "/accounts"):
        assert '>2<span class="hidden"> 条未读' in (await client.get(path)).text, path
    inbox = (await client.get("/inbox")).text
    assert inbox.count(">新<") == 2
    assert "条未读" not in inbox
    assert "条未读" not in (await client.get("/")).text


async def test_a_long_notice_is_cut_and_stays_unread_until_it_is_opened(
    client: httpx.AsyncClient, reader: Actor
) -> None:
    await tell(reader, "长" * 121, "短" * 120)
    inbox = (await client.get("/inbox")).text
    assert "长" * 120 + "…" in inbox
    assert "短" * 120 in inbox
    notice_id = await fetch_value("select min(id) from notification")
    assert '>1<span class="hidden"> 条未读' in (await client.get("/inbox")).text
    own = (await client.get(f"/inbox/{notice_id}")).text
    assert "长" * 121 in own
    assert "条未读" not in own
    assert (await client.get(f"/inbox/{notice_id + 100}")).status_code == 404


async def test_only_unread_ones_can_be_shown_and_all_be_marked(
    client: httpx.AsyncClient, reader: Actor
) -> None:
    await tell(reader, "甲")
    await client.get("/inbox")
    await tell(reader, "乙" * 200)
    page = (await client.get("/inbox?unread=1")).text
    assert ("甲" in page, "乙" in page) == (False, True)
    answer = await send_form(client, "/inbox/read", seen_on="/inbox")
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    page = (await client.get("/inbox?unread=1")).text
    assert "没有未读的通知" in page
    assert "全部标为已读" not in page
    stale = await client.post("/inbox/read", data={"form_token": "old"})
    assert stale.status_code == 422
    assert "页面放得太久了" in stale.text


async def test_the_inbox_is_paged_also_when_only_unread(client: httpx.AsyncClient, reader: Actor) -> None:
    await tell(reader, *(f"第 {n} 条" + "。" * 120 for n in range(21)))
    first = (await client.get("/inbox?unread=1")).text
    assert first.count('<li class="card') == 20
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = (await client.get(f"/inbox{older}")).text
    assert "第 0 条" in second
    assert 'rel="next"' not in second


async def test_an_address_is_asked_for_confirmed_and_removed(
    client: httpx.AsyncClient, reader: Actor
) -> None:
    here = "/inbox/preferences"
    answer = await send_form(client, f"{here}/email", seen_on=here, email=" ｌi@example.org ")
    assert answer.status_code == 303
    assert "已向 li@example.org 发送确认邮件" in (await client.get(here)).text
    link = f"/inbox/email/{link_token(reader.person_id, 'li@example.org')}"
    client.cookies.delete("yiji_session")  # the mail is read on another device
    assert (await client.get(link)).status_code == 200
    assert await fetch_value("select email from person where id = $1", reader.person_id) is None
    done = await send_form(client, link, seen_on=link)
    assert "邮箱已确认" in done.text
    assert await fetch_value("select email from person where id = $1", reader.person_id) == "li@example.org"


async def test_an_address_is_removed(client: httpx.AsyncClient, reader: Actor) -> None:
    here = "/inbox/preferences"
    await send_form(client, f"{here}/email", seen_on=here, email="li@example.org")
    assert (await send_form(client, f"{here}/email/remove", seen_on=here)).status_code == 303
    assert "li@example.org" not in (await client.get(here)).text


@pytest.mark.parametrize("email", ["li", "", "li@example.org,wu@example.org", f"{'a' * 300}@example.org"])
async def test_what_is_no_address_comes_back_with_the_reason(
    client: httpx.AsyncClient, reader: Actor, email: str
) -> None:
    here = "/inbox/preferences"
    answer = await send_form(client, f"{here}/email", seen_on=here, email=email)
    assert answer.status_code == 422
    assert f'value="{email}"' in answer.text
    assert "邮箱地址写得不对" in answer.text or "请填写这一项" in answer.text


async def test_a_dead_link_says_what_to_do(client: httpx.AsyncClient, reader: Actor) -> None:
    for token in ("x", link_token(reader.person_id, "never@example.org"), "x" * 120):
        answer = await send_form(client, f"/inbox/email/{token}", seen_on=f"/inbox/email/{token}")
        assert answer.status_code == 409
        assert "这个链接已经失效" in answer.text
    assert (await client.get(f"/inbox/email/{'x' * 121}")).status_code == 404


async def test_preferences_are_saved_as_ticked(client: httpx.AsyncClient, reader: Actor) -> None:
    here = "/inbox/preferences"
    page = (await client.get(here)).text
    assert 'value="21:00"' in page
    categories = [m for m in plugins.installed().values() if m.MANIFEST.notifies]
    assert page.count(" checked") == 2 * len(categories) + 1, "two channels of each, and quiet hours"
    fields = {
        "mail_garden": "on",
        "quiet": "on",
        "quiet_from": "22:30",
        "quiet_until": "06:00",
        "digest": "on",
    }
    answer = await send_form(client, here, seen_on=here, **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}?saved=1")
    page = (await client.get(answer.headers["location"])).text
    assert "已保存" in page
    assert ('value="22:30"' in page, page.count(" checked")) == (True, 3)
    assert 'name="sms_garden" value="on">' in page


@pytest.mark.parametrize(
    ("begin", "until", "reason"),
    [
        ("", "", "请写开始和结束的时间"),
        ("21:00", "21:00", "请写开始和结束的时间"),
        ("24:00", "08:00", "时间写成 21:00 这样"),
        ("晚上", "08:00", "时间写成 21:00 这样"),
    ],
)
async def test_quiet_hours_are_refused_in_words(
    client: httpx.AsyncClient, reader: Actor, begin: str, until: str, reason: str
) -> None:
    here = "/inbox/preferences"
    fields = {"quiet": "on", "quiet_from": begin, "quiet_until": until}
    answer = await send_form(client, here, seen_on=here, **fields)
    assert answer.status_code == 422
    assert reason in answer.text
    assert await fetch_value("select count(*) from notification_setting") == 0


async def test_a_program_reads_marks_and_sets_the_same(client: httpx.AsyncClient, reader: Actor) -> None:
    me = await bearer(client, reader)
    await tell(reader, "甲", "乙")
    notices = (await client.get("/api/v1/notices", params={"unread": "true"}, headers=me)).json()
    assert [(n["body"], n["category"]) for n in notices] == [("乙", "garden"), ("甲", "garden")]
    one = await client.get(f"/api/v1/notices/{notices[0]['id']}", headers=me)
    assert (one.status_code, one.json()["read_at"]) == (200, None)
    read = await client.post("/api/v1/notices/read", json={"ids": [notices[0]["id"]]}, headers=me)
    assert (read.status_code, read.json()) == (200, {"unread": 1})
    read = await client.post("/api/v1/notices/read", json={"ids": None}, headers=me)
    assert read.json() == {"unread": 0}

    quiet = {"begin": "22:00:00", "until": "06:00:00"}
    sent = {"quiet": quiet, "digest": True, "choices": {"garden": {"mail": False, "sms": True}}}
    now = (await client.put("/api/v1/notices/preferences", json=sent, headers=me)).json()
    assert (now["quiet"], now["digest"]) == (quiet, True)
    assert now["choices"]["garden"] == {"mail": False, "sms": True}
    assert now["choices"]["core"] == {"mail": True, "sms": True}
    sent["choices"] = {"nothing": {"mail": True, "sms": True}}
    assert (await client.put("/api/v1/notices/preferences", json=sent, headers=me)).status_code == 422
    same = {"quiet": {"begin": "22:00", "until": "22:00:00"}, "digest": False, "choices": {}}
    assert (await client.put("/api/v1/notices/preferences", json=same, headers=me)).status_code == 422


async def test_a_program_gives_an_address_and_confirms_it(client: httpx.AsyncClient, reader: Actor) -> None:
    me = await bearer(client, reader)
    wrong = await client.put("/api/v1/notices/email", json={"email": "li"}, headers=me)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "email")
    given = await client.put("/api/v1/notices/email", json={"email": "li@example.org"}, headers=me)
    assert (given.status_code, given.json()["pending"]) == (202, "li@example.org")
    token = {"token": link_token(reader.person_id, "li@example.org")}
    for _ in range(2):
        assert (await client.post("/api/v1/notices/email/confirmation", json=token)).status_code == 204
    assert (await client.get("/api/v1/notices/email", headers=me)).json()["email"] == "li@example.org"
    assert (await client.delete("/api/v1/notices/email", headers=me)).status_code == 204
    assert (await client.post("/api/v1/notices/email/confirmation", json=token)).status_code == 409


async def test_strangers_stay_outside(client: httpx.AsyncClient, reader: Actor) -> None:
    await tell(reader, "秘密")
    notice_id = await fetch_value("select id from notification")
    client.cookies.clear()
    other = new_phone()
    await make_resident(await make_region(), phone=other, password=PASSWORD)
    await log_in(client, other)
    assert (await client.get(f"/inbox/{notice_id}")).status_code == 404
    token = form_token((await client.get("/inbox/preferences")).text)
    client.cookies.clear()
    for path in ("/inbox/preferences", f"/inbox/{notice_id}"):
        assert (await client.get(path)).headers["location"].startswith("/login")
    answer = await client.post("/inbox/preferences/email", data={"form_token": token, "email": "a@b.cn"})
    assert answer.status_code == 401
    assert await fetch_value("select count(*) from person where email_pending is not null") == 0
