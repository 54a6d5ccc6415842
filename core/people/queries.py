"""Reads of people: the one query that every signed-in page makes, who is behind an id, who holds what."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.language import mark
from core.manifest import Conflict
from core.people.errors import PersonNotFound
from core.people.rules import GRANT, PROPOSAL, SERVE, Actor, Grant, roles
from core.reference import PLATFORM, Ref
from core.regions import queries as regions

_GRANTS = """
    (select coalesce(json_agg(json_build_array(g.role, g.scope_kind, g.scope_id) order by g.id), '[]')
     from role_grant g
     where g.person = p.id and g.revoked_at is null and (g.ends_on is null or g.ends_on >= $1)) as grants"""
_SIGNED_IN = f"""
select p.id, p.name, m.household, p.unread, s.last_seen_on, {_GRANTS}
from session s
join person p on p.id = s.person
left join household_member m on m.person = p.id and m.left_on is null
where s.token_hash = $2 and s.door = $3 and s.expires_at > $4"""
_PERSON = f"""
select p.id, p.name, m.household, p.unread, {_GRANTS}
from person p
left join household_member m on m.person = p.id and m.left_on is null
where p.id = $2"""


@dataclass(frozen=True)
class OpenSession:
    """Where a person is signed in."""

    id: int
    door: str
    opened_at: datetime
    last_seen_on: date | None
    is_this: bool


@dataclass(frozen=True)
class GrantView:
    """A role that somebody holds or held."""

    id: int
    person_id: int
    person: str
    role: str
    scope: Ref
    granted_by: str | None
    granted_at: datetime
    ends_on: date | None
    revoked_by: str | None
    revoked_at: datetime | None
    reason: str

    def holds_on(self, today: date) -> bool:
        """Does the person have the role on that day?"""
        return self.revoked_at is None and (self.ends_on is None or self.ends_on >= today)


def hash_token(token: str) -> bytes:
    """What is stored of a session token. The token is 256 random bits: a plain digest is enough."""
    return hashlib.sha256(token.encode()).digest()


async def signed_in(token: str, *, door: str) -> tuple[Actor, date | None] | None:
    """Who is signed in with `token`, and the last day on which the session was used."""
    row = await fetch_row(_SIGNED_IN, clock.today(), hash_token(token), door, clock.now())
    return (_actor(row), row["last_seen_on"]) if row else None


async def actor(person_id: int) -> Actor | None:
    """A person with the roles of this moment."""
    row = await fetch_row(_PERSON, clock.today(), person_id)
    return _actor(row) if row else None


def _actor(row: Any) -> Actor:
    grants = tuple(Grant(role, Ref(kind, id_)) for role, kind, id_ in json.loads(row["grants"]))
    return Actor(row["id"], row["name"], row["household"], grants, row["unread"])


async def stale_session_person(token: str) -> int | None:
    """Whose browser session this was, as long as it is remembered after its end."""
    row = await fetch_row(
        "select person from session where token_hash = $1 and door = 'web'", hash_token(token)
    )
    return row["person"] if row else None


async def open_sessions(person_id: int, *, token: str | None, limit: int) -> list[OpenSession]:
    """Where the person is signed in now, the latest first; `token` tells which of them asks."""
    rows = await fetch(
        "select id, door, opened_at, last_seen_on, token_hash = $2 as is_this from session"
        " where person = $1 and expires_at > $3 order by is_this desc, id desc limit $4",
        person_id,
        hash_token(token or ""),
        clock.now(),
        limit,
    )
    return [OpenSession(**dict(row)) for row in rows]


async def names(person_ids: Sequence[int]) -> dict[int, str]:
    """Person id -> full name, unmasked: for those whose role needs it."""
    rows = await fetch("select id, name from person where id = any($1)", list(set(person_ids)))
    return {row["id"]: row["name"] for row in rows}


async def person_id_of(phone: str, name: str) -> int:
    """The person with this very phone and name; raises PersonNotFound."""
    row = await fetch_row("select id from person where phone = $1 and name = $2", phone, name)
    if row is None:
        raise PersonNotFound
    return int(row["id"])


_GRANT_VIEW = """
select g.id, g.person as person_id, p.name as person, g.role, g.scope_kind, g.scope_id,
    by.name as granted_by, g.granted_at, g.ends_on, taker.name as revoked_by, g.revoked_at, g.reason
from role_grant g
join person p on p.id = g.person
left join person by on by.id = g.granted_by
left join person taker on taker.id = g.revoked_by"""


async def grant(grant_id: int) -> GrantView | None:
    """One grant."""
    rows = await fetch(f"{_GRANT_VIEW} where g.id = $1", grant_id)
    return _grant_view(rows[0]) if rows else None


async def grants_in(scope: Ref, *, before_id: int | None, limit: int) -> list[GrantView]:
    """Grants in a scope, those that were revoked too, newest first."""
    rows = await fetch(
        f"{_GRANT_VIEW} where g.scope_kind = $1 and g.scope_id = $2 and ($3::bigint is null or g.id < $3)"
        " order by g.id desc limit $4",
        *scope,
        before_id,
        limit,
    )
    return [_grant_view(row) for row in rows]


async def grants_of(person_id: int, *, limit: int) -> list[GrantView]:
    """A person's own grants, those that were revoked too, newest first."""
    rows = await fetch(f"{_GRANT_VIEW} where g.person = $1 order by g.id desc limit $2", person_id, limit)
    return [_grant_view(row) for row in rows]


def _grant_view(row: Any) -> GrantView:
    values = dict(row)
    return GrantView(scope=Ref(values.pop("scope_kind"), values.pop("scope_id")), **values)


async def holds(person_id: int, role: str, scope: Ref) -> bool:
    """Does the person hold the role in this very scope today?"""
    row = await fetch_row(
        "select from role_grant where person = $1 and role = $2 and scope_kind = $3 and scope_id = $4"
        " and revoked_at is null and (ends_on is null or ends_on >= $5)",
        person_id,
        role,
        *scope,
        clock.today(),
    )
    return row is not None


async def holders(permission: str, scope: Ref, *, among: Sequence[int] | None = None) -> list[int]:
    """Who may do it in the scope today, there or everywhere: all, or those of `among`; a hundred at most."""
    return await holders_at(permission, [scope, PLATFORM], among=among)


async def holders_at(
    permission: str, scopes: Sequence[Ref], *, among: Sequence[int] | None = None
) -> list[int]:
    """Who may do it today in one of these very scopes."""
    carrying = [role.code for role in roles().values() if permission in role.permissions]
    rows = await fetch(
        "select distinct person from role_grant where role = any($1)"
        " and (scope_kind, scope_id) in (select * from unnest($2::text[], $3::bigint[]))"
        " and revoked_at is null"
        " and (ends_on is null or ends_on >= $4) and ($5::bigint[] is null or person = any($5))"
        " order by person limit 100",
        carrying,
        [scope.kind for scope in scopes],
        [scope.id for scope in scopes],
        clock.today(),
        among,
    )
    return [row["person"] for row in rows]


async def serves(worker: Actor, region_id: int) -> bool:
    """May the worker serve residents there: in the region itself, or in one that it lies in?"""
    chain = await regions.chain(region_id)
    return any(worker.may(SERVE, Ref("region", id_)) for id_ in chain)


async def region_of(person_id: int) -> int | None:
    """Where the person's household is; None without one."""
    found: int | None = await fetch_value(
        "select h.region from household_member m join household h on h.id = m.household"
        " where m.person = $1 and m.left_on is null",
        person_id,
    )
    return found


_CONFLICTS = """
with concerned (person, code) as (
    values ($1::bigint, 'core.maker_household')
    union all
    select person, 'core.candidate_household' from role_proposal where $2 = 'role_proposal' and id = $3)
select voter.person, c.code
from unnest($4::bigint[]) as voter (person)
join concerned c on c.person = voter.person or exists (
    select from household_member a
    join household_member b on b.household = a.household and b.left_on is null
    where a.person = voter.person and a.left_on is null and b.person = c.person)
order by voter.person, c.code"""
_CONFLICT_TITLES = {
    "core.maker_household": mark("与发起人是一户"),
    "core.candidate_household": mark("要担任角色的是本人或家人"),
    "core.permission_lost": mark("不再有权授予这里的角色"),
    "core.appointed_by_maker": mark("授予角色的权限来自发起人"),
}


async def conflicts(
    subject_kind: str, subject_id: int, maker_id: int, person_ids: Sequence[int]
) -> list[Conflict]:
    """Who of `person_ids` lives with the maker, or is or lives with the one who is to get a role.

    Where a role is asked for, also who may not grant roles there any more.
    """
    rows = await fetch(_CONFLICTS, maker_id, subject_kind, subject_id, list(person_ids))
    found = [(row["person"], row["code"]) for row in rows]
    if subject_kind == PROPOSAL:
        scope = await _scope_of_proposal(subject_id)
        still = await holders(GRANT, scope, among=person_ids)
        found += [(person_id, "core.permission_lost") for person_id in sorted(set(person_ids) - set(still))]
        found += [(person_id, "core.appointed_by_maker") for person_id in await _appointed(maker_id, still)]
    return [Conflict(person_id=person, code=code, title=_CONFLICT_TITLES[code]) for person, code in found]


async def _appointed(maker_id: int, person_ids: Sequence[int]) -> list[int]:
    """Who of them holds a role that may grant roles from the maker: the two would be one."""
    granting = [code for code, role in roles().items() if GRANT in role.permissions]
    rows = await fetch(
        "select distinct person from role_grant where person = any($1) and granted_by = $2"
        " and role = any($3) and revoked_at is null and (ends_on is null or ends_on >= $4) order by person",
        list(person_ids),
        maker_id,
        granting,
        clock.today(),
    )
    return [row["person"] for row in rows]


async def _scope_of_proposal(proposal_id: int) -> Ref:
    row = await fetch_row("select scope_kind, scope_id from role_proposal where id = $1", proposal_id)
    assert row is not None, "an approval's subject is never deleted"
    return Ref(*row)
