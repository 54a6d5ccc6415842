"""What a visitor without an account can reach in the demo world tells nobody's phone, number or name."""

import html
import re
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import httpx
import pytest

from core import clock, plugins
from core.database import fetch
from core.manifest import DemoStep
from core.people.errors import IdentityNumberWrong
from core.people.identity import check_number

# They introduce the accounts of the demo, which are nobody, and show what those would have been sent.
_ABOUT_DEMO_ACCOUNTS = ("/login", "/tour", "/practice", "/api/v1/practice")
_LINK = re.compile(r'(?:href|src|action)="(/[^"]*)"')
_TAG = re.compile(r"<[^>]+>")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_OF_A_KIND, _PAGES_MOST = 6, 700


async def build_demo_world() -> None:
    """All steps of all plugins, as the first `yiji up` does it."""
    steps: list[DemoStep] = plugins.contributions("register_demo_steps")
    for step in sorted(steps, key=lambda step: step.order):
        await step.build(lambda done, of: None)


def _kind(path: str) -> str:
    """Pages of one kind differ in their numbers and in what was searched for."""
    return re.sub(r"(?<!v)\d+", "N", re.sub(r"=[^&]*", "=", path))


async def public_pages(client: httpx.AsyncClient) -> AsyncIterator[tuple[str, str]]:
    """(path, text) of whatever links lead to from the first page, there and in the API; some of each kind."""
    known, waiting, seen = {"/"}, deque(["/"]), Counter[str]()
    while waiting and seen.total() < _PAGES_MOST:
        path = waiting.popleft()
        seen[_kind(path)] += 1
        if seen[_kind(path)] > _OF_A_KIND or path.startswith(_ABOUT_DEMO_ACCOUNTS):
            continue
        answer = await client.get(path)
        if answer.status_code != 200 or "image" in answer.headers["content-type"]:
            continue
        yield path, answer.text
        for link in _LINK.findall(answer.text):
            target = html.unescape(link).partition("#")[0]
            for found in (target, f"/api/v1{target}"):
                if found not in known and not target.startswith(("/static", "/api", "/language", "/care")):
                    known.add(found)
                    waiting.append(found)


def findings(text: str, names: re.Pattern[str]) -> Iterator[str]:
    """What no visitor may read."""
    words = html.unescape(_TAG.sub(" ", text))
    yield from (*_PHONE.findall(text), *names.findall(words))
    for number in _NUMBER.findall(text):
        with suppress(IdentityNumberWrong):
            check_number(number.upper(), clock.today())
            yield number


async def _names() -> list[str]:
    """Of all persons but those who gave money and chose to be thanked by name, and those who answer for a
    campaign, whose names its plan must tell (慈善法 24)."""
    rows = await fetch("""
        select distinct name from person p where length(name) > 1
            and not exists (select from fund_gift g where g.donor_name = p.name and g.display = 'name')
            and not exists (select from foundation_campaign c where c.leader = p.name)""")
    return [row["name"] for row in rows]


async def test_no_public_page_of_the_demo_world_tells_who_somebody_is(client: httpx.AsyncClient) -> None:
    await build_demo_world()
    names = re.compile("|".join(re.escape(name) for name in await _names()))
    told: dict[str, set[str]] = {}
    visited: list[str] = []
    async for path, text in public_pages(client):
        visited.append(path)
        if found := set(findings(text, names)):
            told[path] = found
    assert told == {}
    kinds = {_kind(path) for path in visited}
    assert {"/garden/N", "/funds/N", "/projects/N", "/greencoin/N", "/venture/calls/N"} <= kinds
    assert {"/api/v1/projects/N", "/accounts/N", "/volunteers/N", "/organizations/N"} <= kinds
    assert len(visited) > 150


@pytest.mark.parametrize(
    ("told", "is_found"),
    [
        ("电话 13800005678", True),
        ("138****5678", False),
        ("单号 2026113800005678", False),
        ("11010519491231002X", True),
        ("110105194912310021", False),
        ("<b>林样</b>禾", False),
        ("<b>林样禾</b>", True),
        ("林**", False),
    ],
)
def test_what_is_looked_for_is_found(told: str, is_found: bool) -> None:
    """Protects the walk above, which finds nothing when all is well."""
    assert bool(list(findings(told, re.compile("林样禾")))) == is_found
