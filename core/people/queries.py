"""Reads of people: the one query that every signed-in page makes, and who is behind an id."""

import hashlib
import json
from collections.abc import Sequence

from core import clock
from core.database import fetch, fetch_row
from core.people.rules import Actor, Grant
from core.reference import Ref

_ACTOR = """
select p.id, p.name, m.household,
    (select coalesce(json_agg(json_build_array(g.role, g.scope_kind, g.scope_id) order by g.id), '[]')
     from role_grant g where g.person = p.id and g.revoked_at is null) as grants
from session s
join person p on p.id = s.person
left join household_member m on m.person = p.id and m.left_on is null
where s.token_hash = $1 and s.door = $2 and s.expires_at > $3"""


def hash_token(token: str) -> bytes:
    """What is stored of a session token. The token is 256 random bits: a plain digest is enough."""
    return hashlib.sha256(token.encode()).digest()


async def session_actor(token: str, *, door: str) -> Actor | None:
    """Who is signed in with `token`; None for a stale token."""
    row = await fetch_row(_ACTOR, hash_token(token), door, clock.now())
    if row is None:
        return None
    grants = tuple(Grant(role, Ref(kind, id_)) for role, kind, id_ in json.loads(row["grants"]))
    return Actor(row["id"], row["name"], row["household"], grants)


async def names(person_ids: Sequence[int]) -> dict[int, str]:
    """Person id -> full name, unmasked: for those whose role needs it."""
    rows = await fetch("select id, name from person where id = any($1)", list(set(person_ids)))
    return {row["id"]: row["name"] for row in rows}
