"""Looking things up, by an index alone: no query here reads more as there are more things."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.database import fetch, fetch_value
from core.search.rules import HITS_MOST, Word, highlight, near_keys, near_pattern, promising_keys

_CANDIDATES_MOST, _COUNTED_MOST, _NEAR_MOST, _NEAR_COUNTED_MOST = 10_000, 2000, 1000, 300


@dataclass(frozen=True)
class Hit:
    """A thing that was found; `pieces` is its name, with what was asked for marked."""

    kind: str
    subject_id: int
    name: str
    path: str
    detail: str
    pieces: list[tuple[str, bool]]


# `offset 0` keeps the look-up by key, whatever the planner believes of tables it has not analysed.
FOUND = f"""
select t.kind, t.subject_id, t.name, t.path, t.detail, t.spelt
from unnest($1::text[]) with ordinality k(kind, place)
cross join lateral (
    select s.*, c.rank
    from (select g.thing, g.rank from search_gram g where g.gram = $2 and g.kind = k.kind
        order by g.rank, g.thing limit {_CANDIDATES_MOST}) c
    cross join lateral (
        select * from search_thing where id = c.thing and not exists (
            select from unnest($3::text[], $4::text[]) w(word, spelling)
            where strpos(folded, word) = 0 and (spelling = '' or spelt !~ spelling))
        offset 0) s
    order by c.rank, c.thing limit $5) t
order by k.place, t.rank, t.id"""

# Of each slip that there may be ($2, $3), the rarest key that a name without it has.
NEAR = f"""
with option as materialized (
    select slip, gram, (select count(*) from (select from search_gram g
        where g.gram = o.gram and g.kind = any($1) limit {_NEAR_COUNTED_MOST}) counted) as n
    from unnest($2::int[], $3::text[]) o (slip, gram)),
chosen as materialized (
    select distinct gram from (
        select distinct on (slip) slip, gram, n from option order by slip, n, gram) best
    where n > 0)
select t.kind, t.subject_id, t.name, t.path, t.detail, t.spelt
from unnest($1::text[]) with ordinality k(kind, place)
cross join lateral (
    select s.*, c.rank
    from (select thing, min(rank) as rank from chosen cross join lateral (
            select g.thing, g.rank from search_gram g where g.gram = chosen.gram and g.kind = k.kind
            order by g.rank, g.thing limit {_NEAR_MOST}) h
        group by thing) c
    cross join lateral (
        select * from search_thing where id = c.thing and not exists (
            select from unnest($4::text[], $5::text[], $6::text[]) w(word, spelling, near)
            where strpos(folded, word) = 0 and (spelling = '' or spelt !~ spelling)
                and (near = '' or case spelling when '' then folded else loose end !~ near))
        offset 0) s
    order by c.rank, c.thing limit $7) t
order by k.place, t.rank, t.id"""


# Counts only as far as a key is a good one.
RAREST = f"""
select gram from unnest($2::text[]) with ordinality k(gram, place) order by (
    select count(*) from (select from search_gram g where g.gram = k.gram and g.kind = any($1)
        limit {_COUNTED_MOST}) counted), place
limit 1"""


async def hits(kinds: Sequence[str], wanted: Sequence[Word]) -> list[Hit]:
    """Things of `kinds` that answer to all words: names that begin with it first, then the shorter.

    If there is none, those whose names differ by one character of a word of three or more, or sound like
    pinyin of five letters or more, but for one. One more than
    HITS_MOST of a kind says that there are more. If more than ten thousand names of a kind share even the
    rarest key, only the best ten thousand are compared with the rest of the query.
    """
    rows, _ = await _rows(kinds, wanted, most=HITS_MOST + 1)
    return [
        Hit(
            row["kind"],
            row["subject_id"],
            row["name"],
            row["path"],
            row["detail"],
            highlight(row["name"], row["spelt"], wanted),
        )
        for row in rows
    ]


async def matches(kind: str, wanted: Sequence[Word], *, most: int) -> tuple[list[int], bool]:
    """Ids of the things of one kind that `hits` would find, best first, and whether they are only near."""
    rows, is_near = await _rows([kind], wanted, most=most)
    return [row["subject_id"] for row in rows], is_near


async def _rows(kinds: Sequence[str], wanted: Sequence[Word], *, most: int) -> tuple[list[Any], bool]:
    if not wanted or not kinds:
        return [], False
    keys = promising_keys(wanted)
    rows = await fetch(
        FOUND,
        list(kinds),
        keys[0] if len(keys) == 1 else await fetch_value(RAREST, list(kinds), keys),
        [word.text for word in wanted],
        [word.spelt for word in wanted],
        most,
    )
    if rows or not (options := near_keys(wanted)):
        return rows, False
    rows = await fetch(
        NEAR,
        list(kinds),
        [slip for slip, _ in options],
        [key for _, key in options],
        [word.text for word in wanted],
        [word.spelt for word in wanted],
        [near_pattern(word) for word in wanted],
        most,
    )
    return rows, bool(rows)
