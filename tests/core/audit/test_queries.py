"""Searching the record: what is found, in which order, and that no page reads the whole table."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.audit import queries
from core.audit.queries import Happened
from core.audit.rules import Search
from core.audit.services import record_audit
from core.database import fetch, fetch_value, unit_of_work
from core.reference import Ref

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # noon in Shanghai
MANY = 100_000


async def record(action: str, subject: Ref, actor_id: int | None, at: datetime = NOON) -> None:
    with clock.frozen(at):
        async with unit_of_work():
            record_audit(action, subject, actor_id=actor_id)


async def found(**asked: object) -> list[str]:
    events = await queries.events(Search(**asked), before=None, limit=50)  # type: ignore[arg-type]
    return [event.action for event in events]


@pytest.fixture
async def some(db: str) -> None:
    await record("order.paid", Ref("order", 1), 7, NOON - timedelta(days=1))
    await record("order.created", Ref("order", 1), 8, NOON - timedelta(days=2))
    await record("role.granted", Ref("organization", 1), 7)
    await record("order.paid", Ref("order", 2), None, NOON + timedelta(days=1))


@pytest.mark.usefixtures("some")
async def test_every_condition_narrows_and_the_newest_comes_first() -> None:
    assert await found() == ["order.paid", "role.granted", "order.paid", "order.created"]
    assert await found(subject_kind="order") == ["order.paid", "order.paid", "order.created"]
    assert await found(subject_kind="order", subject_id=1) == ["order.paid", "order.created"]
    assert await found(subject_id=2) == ["order.paid"]
    assert await found(actor_id=7) == ["role.granted", "order.paid"]
    assert await found(action="order.") == ["order.paid", "order.paid", "order.created"]
    assert await found(action="order.p", actor_id=7) == ["order.paid"]
    assert await found(action="order", subject_kind="order", subject_id=2) == ["order.paid"]
    assert await found(action="rder") == []
    assert await found(action="%") == []


@pytest.mark.usefixtures("some")
async def test_days_are_those_of_the_users_and_both_count() -> None:
    day = date(2026, 11, 22)
    assert await found(first_day=day, last_day=day) == ["role.granted"]
    assert await found(first_day=day) == ["order.paid", "role.granted"]
    assert await found(last_day=day, action="order.") == ["order.paid", "order.created"]


async def test_a_day_begins_and_ends_at_midnight_in_shanghai(db: str) -> None:
    midnight = datetime(2026, 11, 21, 16, tzinfo=UTC)
    await record("before", Ref("x", 1), 1, midnight - timedelta(microseconds=1))
    await record("first", Ref("x", 1), 1, midnight)
    await record("last", Ref("x", 1), 1, midnight + timedelta(days=1, microseconds=-1))
    await record("after", Ref("x", 1), 1, midnight + timedelta(days=1))
    day = date(2026, 11, 22)
    assert await found(first_day=day, last_day=day) == ["last", "first"]


@pytest.mark.parametrize("search", [Search(), Search(action="a."), Search(actor_id=1, action="a.")])
async def test_pages_follow_each_other_without_gap_or_repetition(db: str, search: Search) -> None:
    for n in range(11):
        await record(f"a.{n % 3}", Ref("x", 1), 1, NOON + timedelta(seconds=n // 4))
    seen: list[Happened] = []
    before = None
    while page := await queries.events(search, before=before, limit=3):
        seen += page
        before = page[-1].happened_at, page[-1].id
    assert [event.id for event in seen] == sorted((event.id for event in seen), reverse=True)
    assert len(seen) == 11


@pytest.mark.usefixtures("some")
async def test_what_is_found_is_counted_up_to_a_limit() -> None:
    assert await queries.count(Search(), most=100) == 4
    assert await queries.count(Search(action="order."), most=100) == 3
    assert await queries.count(Search(action="order."), most=2) == 2
    assert await queries.count(Search(actor_id=9), most=2) == 0


def test_a_search_survives_being_kept_as_facts() -> None:
    search = Search(subject_kind="order", subject_id=3, first_day=date(2026, 1, 2), action="order.")
    kept = json.loads(json.dumps(search.facts()))
    assert kept == {
        "subject_kind": "order",
        "subject_id": 3,
        "action": "order.",
        "first_day": "2026-01-02",
    }
    assert Search.from_facts(kept) == search
    assert Search.from_facts({}) == Search()


def test_actions_have_words_where_a_plugin_declares_them() -> None:
    assert queries.action_title("order.paid") == "柜台收款"
    assert queries.action_title("garden.founded") == "开辟菜园"
    assert queries.action_title("nobody.declares") == ""


@pytest.fixture
async def crowd(db: str) -> None:
    """A record of 100,000 events over a year, by 1,000 people, of 20 actions, about 5,000 orders."""
    await fetch(
        f"""
        insert into audit_event (happened_at, actor_id, action, subject_kind, subject_id, facts)
        select timestamptz '2026-01-01 00:00+08' + n * interval '5 minutes', n % 1000,
            'area' || n % 20 || '.done', 'order', n % 5000, '{{}}'
        from generate_series(1, {MANY}) n"""
    )
    await fetch("analyze audit_event")


DAY = date(2026, 6, 1)
SEARCHES = [
    Search(),
    Search(actor_id=77),
    Search(actor_id=77, first_day=DAY),
    Search(actor_id=10**6),
    Search(subject_kind="order", subject_id=12),
    Search(subject_kind="order", subject_id=12, actor_id=5),
    Search(subject_id=12),
    Search(subject_id=12, action="order."),
    Search(action="area7."),
    Search(action="area"),
    Search(action="nothing"),
    Search(action="area7.", first_day=DAY, last_day=DAY),
    Search(action="area7.", actor_id=7),
    Search(first_day=DAY, last_day=DAY),
    Search(last_day=date(2026, 1, 2)),
]


@pytest.mark.usefixtures("crowd")
async def test_no_page_reads_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """By what the database itself says of its plans: rows looked at, and no sequential scan.

    An action that is common is found among the neighbours in time sooner than by its own index: twenty
    of them at once look at a fifth of the rows, which is the worst of these searches.
    """
    asked: list[tuple[str, tuple[object, ...]]] = []

    async def remember(sql: str, *args: object) -> list[object]:
        asked.append((sql, args))
        return await fetch(sql, *args)

    monkeypatch.setattr(queries, "fetch", remember)
    middle = NOON - timedelta(days=100), MANY // 2
    for search in SEARCHES:
        for before in (None, middle):
            asked.clear()
            await queries.events(search, before=before, limit=51)
            for sql, args in asked:
                explained = await fetch_value(f"explain (analyze, format json) {sql}", *args)
                plan = json.loads(explained)[0]["Plan"]
                for node in nodes(plan):
                    about = node.get("Relation Name"), search, node
                    assert node["Node Type"] != "Seq Scan", about
                    looked_at = node["Actual Loops"] * (
                        node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
                    )
                    assert looked_at <= MANY / 4, about


def nodes(plan: dict[str, object]) -> list[dict[str, object]]:
    below = [n for child in plan.get("Plans", []) for n in nodes(child)]  # type: ignore[attr-defined]
    return [plan, *below]
