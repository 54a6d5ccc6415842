"""A donor's copy of what was given (慈善法 42): asked for by the donor, by code, or on duty for the donor."""

import tempfile
from datetime import timedelta
from pathlib import Path

from core import clock
from core.audit.services import record_audit
from core.cipher import fingerprint
from core.database import current_unit, fetch_row, fetch_value, unit_of_work
from core.documents import queries as documents
from core.documents.services import NOBODY, keep_file
from core.dossiers import rules
from core.dossiers.queries import packs
from core.dossiers.queries.packs import PackView
from core.dossiers.services.packing import write_pack
from core.dossiers.tables import GiftPack
from core.funds.queries import gifts
from core.funds.queries.gifts import GiftView
from core.jobs.services import add_job_for
from core.language import LANGUAGE, mark, translate
from core.parameters.queries import effective
from core.people.masks import GONE
from core.people.rules import Actor, address_block
from core.privacy.services import note_seen
from core.reference import PLATFORM, Ref

PACK = "core.make_gift_pack"


async def ask_for_pack(gift_id: int, *, whole: bool, reason: str, actor: Actor) -> int:
    """A copy about the gift, or about all that its donor gave to that foundation; returns the job's id.

    For its donor, and with a reason for who keeps the foundation's books. While it is being made, asking
    again is the same job. Raises GiftNotFound, PackNotYet, PackReasonMissing, TooManyPacks.
    """
    async with unit_of_work():
        gift = await gifts.gift_for(gift_id, actor)
        rules.check_gift(gift.state)
        is_own = gift.donor_id == actor.person_id
        if not is_own:
            rules.check_on_behalf(reason)
        about = None if whole and gift.donor_id else gift.id
        await _queue_up(f"person {actor.person_id}")
        known = await packs.newest_like(gift.organization_id, gift.donor_id, about, actor.person_id)
        if known and known.is_under_way and known.job_id:
            return known.job_id
        await _check_often(actor.person_id, None)
        await note_seen([gift.donor_id], rules.SEEN_PACK, viewer=actor)
        return await _ask(gift, about, actor.person_id, reason="" if is_own else reason)


async def ask_with_code(code: str, *, address: str) -> int:
    """The same about one gift for whoever has its trace code; returns the job's id.

    What was made within a day and is still there is given again. Raises GiftNotFound, TooManyPacks.
    """
    async with unit_of_work():
        gift = await gifts.gift_by_code(code)
        asked_from = fingerprint(address_block(address).encode() if address else b"", "core.pack_address")
        await _queue_up(asked_from.hex())
        await _queue_up(f"gift {gift.id}")
        known = await packs.newest_by_code(gift.id)
        if known and known.job_id and (known.is_under_way or await _is_fresh(known)):
            return known.job_id
        await _check_often(None, asked_from)
        return await _ask(gift, gift.id, None, asked_from=asked_from)


async def _queue_up(who: str) -> None:
    """One after the other until COMMIT, so that two clicks are not two jobs."""
    await fetch_row("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"gift_pack {who}")


async def _is_fresh(known: PackView) -> bool:
    is_new = known.made_at is not None and known.made_at > clock.now() - timedelta(days=1)
    return is_new and known.file_id is not None and bool(await documents.file(known.file_id, NOBODY))


async def _check_often(asked_by: int | None, asked_from: bytes | None) -> None:
    now = clock.now()
    rules.check_often(await packs.asked_since(asked_by, asked_from, now - rules.PACKS_WITHIN), now)


async def _ask(
    gift: GiftView,
    about: int | None,
    person_id: int | None,
    *,
    reason: str = "",
    asked_from: bytes | None = None,
) -> int:
    pack_id = int(await fetch_value("select nextval(pg_get_serial_sequence('gift_pack', 'id'))"))
    args = {"pack_id": pack_id, "language": LANGUAGE.get()}
    job_id = await add_job_for(person_id, PACK, args, priority=1)
    await GiftPack(
        id=pack_id,
        organization=gift.organization_id,
        donor=gift.donor_id,
        gift=about,
        asked_by=person_id,
        reason=reason,
        asked_at=clock.now(),
        asked_from=asked_from,
        job_id=job_id,
    ).save()
    record_audit("gift_pack.asked", Ref(rules.PACK, pack_id), actor_id=person_id)
    return job_id


async def make_pack(pack_id: int) -> int:
    """Make it in the unit of work of its job, in the language that is set; returns the file's id.

    It is kept for as many days as the platform says. The digest of its manifest stays on record.
    """
    pack = await packs.pack(pack_id)
    days = (await effective([rules.KEPT_DAYS], [PLATFORM], clock.today()))[rules.KEPT_DAYS]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "pack.zip")
        digest = await write_pack(await packs.copy_for(pack), target)
        content = target.read_bytes()
    name = f"{translate(mark('捐赠资料副本'))} {pack.gift_id or pack.organization}.zip"
    owner_id = NOBODY if pack.asked_by is None else pack.asked_by
    file_id = await keep_file(name, "application/zip", content, owner_id=owner_id, kept=timedelta(days=days))
    await current_unit().connection.execute(
        "update gift_pack set file_id = $2, made_at = $3, manifest = $4 where id = $1",
        pack_id,
        file_id,
        clock.now(),
        digest,
    )
    record_audit("gift_pack.made", Ref(rules.PACK, pack_id), actor_id=None, manifest=digest)
    return file_id


async def forget_packs(person_id: int) -> None:
    """The donor's account has ended: copies that name the person are deleted, that they were made stays."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "delete from stored_file where id in (select file_id from gift_pack where donor = $1)", person_id
        )
        await unit.connection.execute(
            "update gift_pack set reason = case reason when '' then '' else $2 end where donor = $1",
            person_id,
            GONE,
        )
