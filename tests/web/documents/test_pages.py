"""Files on their page."""

from datetime import timedelta

import httpx

from core import clock
from core.database import unit_of_work
from core.documents.services import keep_file
from tests.web.officials import enter_as


async def test_ones_files_are_listed_while_they_are_there(client: httpx.AsyncClient) -> None:
    assert (await client.get("/files")).headers["location"].startswith("/login")
    person = await enter_as(client)
    assert "这里还没有文件" in (await client.get("/files")).text
    async with unit_of_work():
        mine = await keep_file("<清单>.csv", "text/csv", b"abc", owner_id=person.person_id)
        theirs = await keep_file("别人的.csv", "text/csv", b"xyz", owner_id=person.person_id + 1)
    shown = (await client.get("/files")).text
    assert "&lt;清单&gt;.csv" in shown
    assert "别人的" not in shown
    assert (await client.get(f"/files/{mine}")).content == b"abc"
    assert (await client.get(f"/files/{theirs}")).status_code == 404
    with clock.frozen(clock.now() + timedelta(hours=25)):
        gone = await client.get(f"/files/{mine}")
        assert gone.status_code == 404
        assert "可能已经过期" in gone.text
