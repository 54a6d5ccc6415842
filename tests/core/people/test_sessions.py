"""Logging in and out, and who is behind a token."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.people import queries
from core.people.errors import LoginRefused, OldPasswordWrong, SessionNotFound
from core.people.rules import Grant
from core.people.services import (
    SESSION_LIFE,
    change_password,
    close_other_sessions,
    close_session,
    grant_role,
    log_in,
    log_out,
    recognise,
    register_household,
    register_person,
    sessions,
    sweep_sessions,
)
from core.reference import Ref
from tests.factories import make_region, new_phone

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
PASSWORD = "correct horse"


@pytest.fixture
async def phone(db: str) -> str:
    """The phone of a person who can log in."""
    number = new_phone()
    await register_person("张三", phone=number, password=PASSWORD)
    return number


async def test_the_right_password_opens_a_session(phone: str) -> None:
    token = await log_in(phone, PASSWORD, door="web")
    actor = await recognise(token, door="web")
    assert actor is not None
    assert (actor.name, actor.household_id, actor.grants) == ("张三", None, ())
    assert await fetch_value("select count(*) from audit_event where action = 'session.opened'") == 1


async def test_a_refusal_never_says_what_was_wrong(phone: str) -> None:
    locked_out = new_phone()
    await register_person("无密码", phone=locked_out, password=None)
    said = set()
    for number, password in (
        (phone, "wrong"),
        (phone, ""),
        (phone, PASSWORD + " "),
        (new_phone(), PASSWORD),
        (locked_out, PASSWORD),
        (locked_out, "nobody has this password"),
        (new_phone(), "nobody has this password"),
        ("", ""),
    ):
        with pytest.raises(LoginRefused) as refusal:
            await log_in(number, password, door="web")
        said.add((str(refusal.value), *refusal.value.params))
    assert len(said) == 1
    assert await fetch_value("select count(*) from session") == 0


async def test_every_login_has_a_token_of_its_own_and_closes_the_old_one(phone: str) -> None:
    first = await log_in(phone, PASSWORD, door="web")
    elsewhere = await log_in(phone, PASSWORD, door="web")
    second = await log_in(phone, PASSWORD, door="web", old_token=first)
    assert len({first, second, elsewhere}) == 3
    assert await recognise(first, door="web") is None
    assert await recognise(second, door="web") is not None
    assert await recognise(elsewhere, door="web") is not None


async def test_a_token_that_an_attacker_chose_never_becomes_a_session(phone: str) -> None:
    token = await log_in(phone, PASSWORD, door="web", old_token="chosen")
    assert token != "chosen"
    assert await recognise("chosen", door="web") is None


async def test_a_refused_login_leaves_the_old_session_open(phone: str) -> None:
    token = await log_in(phone, PASSWORD, door="web")
    with pytest.raises(LoginRefused):
        await log_in(phone, "wrong", door="web", old_token=token)
    assert await recognise(token, door="web") is not None


async def test_the_token_itself_is_stored_nowhere(phone: str) -> None:
    token = await log_in(phone, PASSWORD, door="web")
    rows = [dict(row) for row in await fetch("select * from session")]
    rows += [dict(row) for row in await fetch("select * from audit_event")]
    assert token not in str(rows)
    assert token.encode().hex() not in str(rows)


@pytest.mark.parametrize("door", ["web", "api"])
async def test_a_session_ends_at_its_hour_and_not_before(phone: str, door: str) -> None:
    with clock.frozen(NOON):
        token = await log_in(phone, PASSWORD, door=door)
    with clock.frozen(NOON + SESSION_LIFE[door] - MOMENT):
        assert await recognise(token, door=door) is not None
    with clock.frozen(NOON + SESSION_LIFE[door]):
        assert await recognise(token, door=door) is None


async def test_a_session_is_good_at_its_own_door_only(phone: str) -> None:
    tokens = {door: await log_in(phone, PASSWORD, door=door) for door in ("web", "api")}
    for door, token in tokens.items():
        assert await recognise(token, door=door) is not None
        other = "api" if door == "web" else "web"
        assert await recognise(token, door=other) is None


async def test_an_ended_session_tells_for_a_week_whose_it_was_and_is_swept_then(phone: str) -> None:
    with clock.frozen(NOON):
        token = await log_in(phone, PASSWORD, door="web")
        await log_in(phone, PASSWORD, door="api")
    swept_after = NOON + SESSION_LIFE["web"] + timedelta(days=7)
    with clock.frozen(swept_after):
        await sweep_sessions()
        assert await queries.stale_session_person(token) == await fetch_value("select id from person")
        assert await recognise(token, door="web") is None
    with clock.frozen(swept_after + MOMENT):
        await sweep_sessions()
        assert await queries.stale_session_person(token) is None
    assert [row["door"] for row in await fetch("select door from session")] == ["api"]


async def test_a_visit_is_written_down_once_a_day(phone: str) -> None:
    with clock.frozen(NOON):
        token = await log_in(phone, PASSWORD, door="web")
    for later in (timedelta(hours=11, minutes=59), timedelta(hours=12), timedelta(hours=13)):
        with clock.frozen(NOON + later):
            actor = await recognise(token, door="web")
            assert actor is not None
            (one,) = await queries.open_sessions(actor.person_id, token=token, limit=10)
            assert (one.last_seen_on, one.is_this) == (clock.today(), True)


async def test_the_other_sessions_are_closed_and_nobody_elses(phone: str) -> None:
    other_phone = new_phone()
    await register_person("李四", phone=other_phone, password=PASSWORD)
    strangers = await log_in(other_phone, PASSWORD, door="web")
    tokens = [await log_in(phone, PASSWORD, door=door) for door in ("web", "web", "api")]
    actor = await recognise(tokens[0], door="web")
    stranger = await recognise(strangers, door="web")
    assert actor is not None
    assert stranger is not None
    mine = await queries.open_sessions(actor.person_id, token=tokens[0], limit=10)
    assert [one.is_this for one in mine] == [True, False, False]
    with pytest.raises(SessionNotFound):
        await close_session(mine[1].id, actor=stranger)
    await close_session(mine[1].id, actor=actor)
    with pytest.raises(SessionNotFound):
        await close_session(mine[1].id, actor=actor)
    assert await close_other_sessions(tokens[0], actor=actor) == 1
    assert await recognise(tokens[0], door="web") is not None
    assert await recognise(strangers, door="web") is not None
    assert await fetch_value("select count(*) from session") == 2


async def test_a_changed_password_is_the_only_one_and_ends_all_other_sessions(phone: str) -> None:
    token, elsewhere = [await log_in(phone, PASSWORD, door="web") for _ in range(2)]
    actor = await recognise(token, door="web")
    assert actor is not None
    with pytest.raises(OldPasswordWrong):
        await change_password("wrong", "battery staple", token=token, actor=actor)
    assert await recognise(elsewhere, door="web") is not None
    await change_password(PASSWORD, "battery staple", token=token, actor=actor)
    assert await recognise(token, door="web") is not None
    assert await recognise(elsewhere, door="web") is None
    with pytest.raises(LoginRefused):
        await log_in(phone, PASSWORD, door="web")
    assert await log_in(phone, "battery staple", door="web")
    assert await fetch_value("select count(*) from audit_event where action = 'password.changed'") == 1


async def test_logging_out_closes_the_session_and_twice_is_no_harm(phone: str) -> None:
    token = await log_in(phone, PASSWORD, door="web")
    other = await log_in(phone, PASSWORD, door="web")
    await log_out(token)
    await log_out(token)
    assert await recognise(token, door="web") is None
    assert await recognise(other, door="web") is not None


async def test_a_session_knows_the_household_and_the_roles_of_this_moment(phone: str) -> None:
    person = await fetch_value("select id from person")
    token = await log_in(phone, PASSWORD, door="web")
    household = await register_household(await make_region(), person_ids=[person])
    for number in (5, 3):
        await grant_role(person, "core.treasurer", Ref("organization", number), actor_id=None)
    actor = await recognise(token, door="web")
    assert actor is not None
    assert (actor.person_id, actor.household_id) == (person, household)
    assert actor.grants == tuple(Grant("core.treasurer", Ref("organization", n)) for n in (5, 3))

    await fetch("update role_grant set revoked_at = now() where scope_id = 5")
    await fetch("update household_member set left_on = current_date")
    actor = await recognise(token, door="web")
    assert actor is not None
    assert actor.household_id is None
    assert [grant.scope.id for grant in actor.grants] == [3]


async def test_an_unknown_token_is_nobody(db: str) -> None:
    assert await recognise("", door="web") is None
    assert await recognise("x" * 1000, door="web") is None
    assert await fetch_row("select 1 from session") is None


async def test_a_login_under_way_while_the_password_changes_opens_nothing(
    phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old password was right when it was looked at; the change has closed all sessions since."""
    token = await log_in(phone, PASSWORD, door="web")
    actor = await recognise(token, door="web")
    assert actor is not None
    is_password = sessions.is_password

    async def slowly(password: str, password_hash: str | None) -> bool:
        is_right = await is_password(password, password_hash)
        monkeypatch.setattr(sessions, "is_password", is_password)
        await change_password(PASSWORD, "battery staple", token=token, actor=actor)
        return is_right

    monkeypatch.setattr(sessions, "is_password", slowly)
    with pytest.raises(LoginRefused):
        await log_in(phone, PASSWORD, door="web")
    assert await fetch_value("select count(*) from session") == 1
