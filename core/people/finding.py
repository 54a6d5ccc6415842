"""Who answers to a name, its pinyin or its initials, or the end of a phone: by the index of keys alone."""

from collections.abc import Iterator, Sequence

from core.database import fetch
from core.people.names import GAP, LOOSE, Asked
from core.search.slips import is_near

EVERYWHERE = 0
_NEAR_MOST = 500
_LAST = "\U0010ffff"

# Those whose name begins with it before those who have it inside, of either kind the shortest first.
_FOUND = """
select person from (
    select distinct on (k.person) k.* from unnest($1::bigint[]) place,
        unnest($2::text[], $3::boolean[]) a (asked, inside)
    cross join lateral (
        select person, is_inside, gram from person_key
        where region = place and is_inside = inside and gram >= asked and gram < asked || $4
        order by gram, person limit $5) k
    order by k.person, k.is_inside, k.gram) found
order by is_inside, gram, person limit $5"""
_KEYS = (
    "select person, array_agg(gram) as grams from person_key where region = 0 and person = any($1) group by 1"
)


async def found(asked: Asked, places: Sequence[int], *, limit: int) -> tuple[list[int], bool]:
    """(ids of persons who live in `places`, the best first; are they only near?)."""
    if ids := await _having(places, [asked.exact], limit=limit):
        return ids, False
    if asked.alike and (ids := await _having(places, [asked.alike], limit=limit)):
        return ids, True
    if not asked.beginnings:
        return [], False
    candidates = await _having(places, asked.beginnings, asked.ends, limit=_NEAR_MOST)
    keys = {row["person"]: row["grams"] for row in await fetch(_KEYS, candidates)}
    wanted = asked.alike or asked.exact
    near = [one for one in candidates if any(is_near(wanted, key) for key in _alike(keys[one], wanted))]
    return near[:limit], bool(near)


async def _having(
    places: Sequence[int], beginnings: Sequence[str], ends: Sequence[str] = (), *, limit: int
) -> list[int]:
    """Who has one of `beginnings` anywhere, or one of `ends` within the name."""
    asked = [(one, inside) for one in beginnings for inside in (False, True)] + [(one, True) for one in ends]
    texts, insides = zip(*asked, strict=True)
    rows = await fetch(_FOUND, list(places), list(texts), list(insides), _LAST, limit)
    return [row["person"] for row in rows]


def _alike(keys: Sequence[str], wanted: str) -> Iterator[str]:
    """Keys of the same writing: characters, or sounds."""
    mark = LOOSE if wanted.startswith(LOOSE) else ""
    return (key for key in keys if key.startswith(mark) and (mark or (not key.isascii() and key[0] != GAP)))
