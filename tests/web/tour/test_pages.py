"""The journeys through the demo world."""

from pathlib import Path

import httpx
import pytest

from core import plugins
from web.tour import pages


async def test_outside_a_demo_there_is_none(client: httpx.AsyncClient, db: str) -> None:
    assert "这里没有演示数据" in (await client.get("/tour")).text
    assert (await client.get("/api/v1/tours")).json() == []


async def test_in_a_demo_each_step_has_its_page_and_account(
    client: httpx.AsyncClient, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "is_demo", lambda: True)
    shown = (await client.get("/tour")).text
    assert 'href="/garden/mine"' in shown
    assert "账号 13800000002，密码 yiji-demo" in shown
    garden = next(tour for tour in (await client.get("/api/v1/tours")).json() if tour["code"] == "garden")
    assert [step["path"] for step in garden["steps"]] == [
        "/garden/2",
        "/garden/mine",
        "/counter",
        "/accounts/1",
    ]


async def test_every_account_of_a_tour_is_a_demo_account() -> None:
    phones = {account.phone for account in plugins.contributions("register_demo_accounts")}
    named = {step.phone for tour in plugins.contributions("register_tours") for step in tour.steps}
    assert named - {None} <= phones


def test_a_demo_is_known_by_its_accounts_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YIJI_DATA", str(tmp_path))
    assert not pages.is_demo()
    (tmp_path / "demo-accounts.txt").touch()
    assert pages.is_demo()
