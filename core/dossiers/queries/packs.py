"""Donors' copies: who asked for which, what they are about, and the files that go into one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.database import fetch, fetch_row
from core.dossiers import rules
from core.dossiers.errors import PackNotFound
from core.reference import Ref


@dataclass(frozen=True)
class PackView:
    """A copy that was asked for; `gift_id` None: of all gifts. `job_state` None: swept long ago."""

    id: int
    organization_id: int
    organization: str
    donor_id: int | None
    gift_id: int | None
    asked_by: int | None
    reason: str
    asked_at: datetime
    job_id: int | None
    file_id: int | None
    made_at: datetime | None
    manifest: str
    job_state: str | None

    @property
    def is_under_way(self) -> bool:
        """Will it be made, or is it just being made?"""
        return self.made_at is None and self.job_state in ("waiting", "sent")


@dataclass(frozen=True)
class Copy:
    """What is written: about which gifts of one organization, and whether the donor's name is in full.

    `more`: gifts that are too many to be in it.
    """

    subject: Ref
    organization: str
    gift_ids: list[int]
    is_own: bool
    reason: str = ""
    more: int = 0


async def copy_for(pack: PackView) -> Copy:
    """What a pack that was asked for is about."""
    ids = await gifts_in(pack)
    return Copy(
        Ref(rules.PACK, pack.id),
        pack.organization,
        ids,
        is_own=pack.asked_by is not None,
        reason=pack.reason,
        more=await older_than(pack, ids),
    )


_PACK = """
select p.id, p.organization as organization_id, o.name as organization, p.donor as donor_id,
    p.gift as gift_id, p.asked_by, p.reason, p.asked_at, p.job_id, p.file_id, p.made_at, p.manifest,
    j.state as job_state
from gift_pack p join organization o on o.id = p.organization left join job j on j.id = p.job_id"""


async def pack(pack_id: int) -> PackView:
    """One that was asked for; raises PackNotFound."""
    row = await fetch_row(f"{_PACK} where p.id = $1", pack_id)
    if row is None:
        raise PackNotFound
    return PackView(**dict(row))


async def newest_like(
    organization_id: int, donor_id: int | None, gift_id: int | None, asked_by: int | None
) -> PackView | None:
    """The newest that the same asker has asked for about the same."""
    row = await fetch_row(
        f"{_PACK} where p.organization = $1 and p.donor is not distinct from $2"
        " and p.gift is not distinct from $3 and p.asked_by is not distinct from $4"
        " order by p.id desc limit 1",
        organization_id,
        donor_id,
        gift_id,
        asked_by,
    )
    return PackView(**dict(row)) if row else None


async def newest_by_code(gift_id: int) -> PackView | None:
    """The newest of a gift that somebody with its trace code has asked for."""
    row = await fetch_row(
        f"{_PACK} where p.gift = $1 and p.asked_by is null order by p.id desc limit 1", gift_id
    )
    return PackView(**dict(row)) if row else None


async def packs_of_gift(gift_id: int, *, limit: int = 5) -> list[tuple[PackView, str]]:
    """Copies that have this gift in them, newest first, each with the name of who asked on duty, or ""."""
    rows = await fetch(
        f"select s.*, coalesce(n.name, '') as asker from ({_PACK} where p.gift = $1 or (p.gift is null"
        " and (p.organization, p.donor) = (select g.organization, g.donor from fund_gift g where g.id = $1))"
        " order by p.id desc limit $2) s"
        " left join person n on n.id = s.asked_by and s.asked_by is distinct from s.donor_id"
        " order by s.id desc",
        gift_id,
        limit,
    )
    found = []
    for row in rows:
        values = dict(row)
        asker = values.pop("asker")
        found.append((PackView(**values), asker))
    return found


async def asked_since(asked_by: int | None, asked_from: bytes | None, since: datetime) -> list[datetime]:
    """When the same person, or the same address, asked for one."""
    rows = await fetch(
        "select asked_at from gift_pack where asked_at > $3 and (asked_by = $1 or asked_from = $2)"
        " order by asked_at desc limit $4",
        asked_by,
        asked_from,
        since,
        rules.PACKS_MOST,
    )
    return [row["asked_at"] for row in rows]


async def gifts_in(pack: PackView) -> list[int]:
    """The gifts that it is about, the newest at most, oldest first."""
    if pack.gift_id is not None:
        return [pack.gift_id]
    rows = await fetch(
        "select id from fund_gift where donor = $1 and organization = $2 and state = 'counted'"
        " order by id desc limit $3",
        pack.donor_id,
        pack.organization_id,
        rules.GIFTS_MOST,
    )
    return sorted(row["id"] for row in rows)


async def older_than(pack: PackView, gift_ids: Sequence[int]) -> int:
    """How many gifts are not in it because they are too many."""
    if pack.gift_id is not None or not gift_ids:
        return 0
    row = await fetch_row(
        "select count(*)::int as count from fund_gift where donor = $1 and organization = $2"
        " and state = 'counted' and id < $3",
        pack.donor_id,
        pack.organization_id,
        gift_ids[0],
    )
    return int(row["count"]) if row else 0


@dataclass(frozen=True)
class Foundation:
    """To whom somebody has given; `newest_gift_id` stands for all of them."""

    id: int
    name: str
    newest_gift_id: int
    count: int


async def given_to(donor_id: int, *, limit: int = 20) -> list[Foundation]:
    """The organizations to which the person gave, the last first."""
    rows = await fetch(
        "select o.id, o.name, max(g.id) as newest_gift_id, count(*)::int as count from fund_gift g"
        " join organization o on o.id = g.organization where g.donor = $1 and g.state = 'counted'"
        " group by o.id order by 3 desc limit $2",
        donor_id,
        limit,
    )
    return [Foundation(**dict(row)) for row in rows]


@dataclass(frozen=True)
class FileOf:
    """A file about one of the things; its content goes in if there is room, and if the reader may see it."""

    id: int
    name: str
    subject_kind: str
    subject_id: int
    media_type: str
    bytes: int
    sha256: str
    is_public: bool


async def files_of(subjects: Sequence[Ref], *, limit: int = 2_000) -> list[FileOf]:
    """What was sent about the things, by id."""
    rows = await fetch(
        "select f.id, f.name, f.subject_kind, f.subject_id, c.media_type, length(c.content) as bytes,"
        " encode(c.digest, 'hex') as sha256, f.is_public"
        " from unnest($1::text[], $2::bigint[]) s(kind, id)"
        " join file f on f.subject_kind = s.kind and f.subject_id = s.id"
        " join file_content c on c.id = f.content order by f.id limit $3",
        [one.kind for one in subjects],
        [one.id for one in subjects],
        limit,
    )
    return [FileOf(**dict(row)) for row in rows]
