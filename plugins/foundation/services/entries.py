"""Income and costs that go through no fund: recorded by one person, above a limit confirmed by another."""

from dataclasses import asdict

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.files.rules import Upload
from core.files.services import keep_file
from core.funds.rules import states
from core.ledger import services as ledger
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.years import EntryNotFound, VoucherUsed
from plugins.foundation.postings import years as postings
from plugins.foundation.queries import entries as queries
from plugins.foundation.queries.entries import EntryView
from plugins.foundation.queries.years import terms_on
from plugins.foundation.rules import years as rules
from plugins.foundation.rules.years import EntryDraft
from plugins.foundation.services.years import lock_open_year
from plugins.foundation.tables.years import YearEntry


async def record_entry(
    organization_id: int, year: int, draft: EntryDraft, upload: Upload, *, actor: Actor
) -> int:
    """Write down income or cost with its voucher, and return its id; above the limit it waits for another.

    The second click with the same voucher returns the first. Raises FoundationNotFound, PermissionMissing,
    YearUnknown, YearIsClosed, AmountOutOfRange, EntryDayElsewhere, VoucherUsed.
    """
    rules.check_year(year, clock.today())
    rules.check_entry(draft, year, clock.today())
    try:
        async with unit_of_work():
            await lock_open_year(organization_id, year, actor, states.RECORD)
            entry = YearEntry(
                organization=organization_id,
                recorded_by=actor.person_id,
                recorded_at=clock.now(),
                **asdict(draft),
            )
            await entry.save()
            ref = Ref(rules.ENTRY, entry.id)
            await keep_file(upload, subject=ref, actor_id=actor.person_id)
            record_audit("foundation.entry_recorded", ref, actor_id=actor.person_id)
            terms = await terms_on(organization_id, clock.today())
            if not rules.needs_second(draft.amount_fen, terms[rules.ALONE]):
                await _count(await queries.entry(entry.id), actor.person_id, confirmed_by=None)
            return int(entry.id)
    except asyncpg.UniqueViolationError:
        return await _repeated(organization_id, draft, actor)


async def _repeated(organization_id: int, draft: EntryDraft, actor: Actor) -> int:
    """A second click of the same person with the same content; otherwise VoucherUsed."""
    found = await queries.entry_by_voucher(organization_id, draft.kind, draft.voucher_no)
    if found is None or found.recorded_by != actor.person_id or _said(found) != draft:
        raise VoucherUsed(voucher_no=draft.voucher_no)
    return found.id


def _said(entry: EntryView) -> EntryDraft:
    return EntryDraft(
        kind=entry.kind,
        what=entry.what,
        amount_fen=entry.amount_fen,
        occurred_on=entry.occurred_on,
        voucher_no=entry.voucher_no,
    )


async def confirm_entry(entry_id: int, *, actor: Actor) -> None:
    """The second person has seen the voucher; repeating it changes nothing.

    Raises EntryNotFound, OwnEntry, YearIsClosed or WrongState.
    """
    async with unit_of_work():
        entry = await _entry(entry_id, actor, states.CONFIRM)
        rules.check_second(actor.person_id, entry.recorded_by)
        if entry.state == rules.COUNTED:
            return
        rules.ENTRIES.check("foundation.entry_counted", entry, clock.now())
        await _count(entry, actor.person_id, confirmed_by=actor.person_id)


async def drop_entry(entry_id: int, *, actor: Actor) -> None:
    """It was written down by mistake; raises EntryNotFound or WrongState."""
    async with unit_of_work():
        entry = await _entry(entry_id, actor, states.RECORD)
        if entry.state != rules.DROPPED:
            rules.ENTRIES.check("foundation.entry_dropped", entry, clock.now())
            await advance(rules.ENTRIES, "foundation.entry_dropped", entry_id, actor_id=actor.person_id)


async def reverse_entry(entry_id: int, *, reason: str, actor: Actor) -> None:
    """What was counted was wrong: the opposite is posted, and both stand. By somebody who did not record it.

    Raises EntryReasonMissing, EntryNotFound, OwnEntry, YearIsClosed or WrongState.
    """
    rules.check_reason(reason)
    async with unit_of_work():
        entry = await _entry(entry_id, actor, states.CONFIRM)
        rules.check_second(actor.person_id, entry.recorded_by)
        if entry.state == rules.REVERSED:
            return
        rules.ENTRIES.check("foundation.entry_reversed", entry, clock.now())
        await _reverse(entry, reason, actor)


async def _reverse(entry: EntryView, reason: str, actor: Actor) -> None:
    ref, at, by = Ref(rules.ENTRY, entry.id), clock.begin_of(entry.occurred_on), actor.person_id
    transfer_id = await queries.transfer_of(entry.id)
    await ledger.reverse(transfer_id, reason=postings.REVERSED, cause=ref, occurred_at=at, note=reason)
    await advance(
        rules.ENTRIES, "foundation.entry_reversed", entry.id, actor_id=by, reversed_by=by, reason=reason
    )


async def count_cost(
    organization_id: int, draft: EntryDraft, *, recorded_by: int, confirmed_by: int | None
) -> int:
    """A cost that another paper proves, in the caller's unit of work, which has asked that its year is open.

    Returns the entry's id.
    """
    entry = YearEntry(
        organization=organization_id, recorded_by=recorded_by, recorded_at=clock.now(), **asdict(draft)
    )
    await entry.save()
    record_audit("foundation.entry_recorded", Ref(rules.ENTRY, entry.id), actor_id=recorded_by)
    await _count(await queries.entry(entry.id), confirmed_by or recorded_by, confirmed_by=confirmed_by)
    return int(entry.id)


async def undo_cost(entry_id: int, *, reason: str, actor: Actor) -> None:
    """The same was wrong; one that is reversed already stays so. Raises EntryNotFound or YearIsClosed."""
    entry = await _entry(entry_id, actor, states.CONFIRM)
    if entry.state != rules.REVERSED:
        await _reverse(entry, reason, actor)


async def _entry(entry_id: int, actor: Actor, permission: str) -> EntryView:
    """The entry, locked with its foundation's year, for who may do it there; EntryNotFound for others."""
    entry = await queries.entry(entry_id)
    if not actor.may(permission, Ref("organization", entry.organization_id)):
        raise EntryNotFound
    await lock_open_year(entry.organization_id, entry.occurred_on.year, actor, permission)
    return await queries.entry(entry_id, lock=True)


async def _count(entry: EntryView, actor_id: int, *, confirmed_by: int | None) -> None:
    columns = {"confirmed_by": confirmed_by} if confirmed_by else {}
    await advance(
        rules.ENTRIES,
        "foundation.entry_counted",
        entry.id,
        actor_id=actor_id,
        facts={"amount_fen": entry.amount_fen},
        counted_at=clock.now(),
        **columns,
    )
    owner = Ref("organization", entry.organization_id)
    outside = postings.SOURCES if entry.kind == rules.INCOME else postings.COSTS
    ledger.post(
        postings.entry(
            entry.id,
            kind=entry.kind,
            own=await ledger.open_account(owner, kind=postings.OWN, unit=postings.UNIT),
            outside=await ledger.open_account(owner, kind=outside, unit=postings.UNIT),
            amount_fen=entry.amount_fen,
            what=entry.what,
            at=clock.begin_of(entry.occurred_on),
        )
    )
