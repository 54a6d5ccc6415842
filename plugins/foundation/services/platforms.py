"""Lists of gifts from designated platforms: judged, compared with the payout, booked whole, undone whole.

Nothing is booked by halves: a list with a bad row waits until it is sent again without it.
"""

import asyncio
import itertools
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, fetch, fetch_value, unit_of_work
from core.documents.errors import ListTooLarge
from core.documents.reading import BYTES_MOST, rows_of
from core.documents.services import ask_for_sheet
from core.files.rules import Upload
from core.files.services import keep_file
from core.funds.queries import funds
from core.funds.rules import ALONE, needs_second
from core.funds.rules import states as fund_states
from core.jobs.services import add_job_for
from core.language import LANGUAGE, explain
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.platforms import (
    GiftsUsed,
    NotOnPlatform,
    PayoutSlipMissing,
    PayoutUsed,
    PlatformListNotFound,
    TargetUnknown,
)
from plugins.foundation.queries import campaigns
from plugins.foundation.queries import platforms as queries
from plugins.foundation.queries.calendar import lock_foundation
from plugins.foundation.queries.campaigns import CampaignView
from plugins.foundation.queries.platforms import ListView
from plugins.foundation.rules import campaigns as campaign_rules
from plugins.foundation.rules import platforms as rules
from plugins.foundation.rules.platforms import Judged, Payout, Row, Span
from plugins.foundation.services import booking
from plugins.foundation.services.entries import undo_cost
from plugins.foundation.tables.platforms import PlatformList

EXPORT = "foundation.export_platform_list"
_NAME_MOST, _SAME_WITHIN = 120, timedelta(hours=1)


async def upload_list(
    campaign_id: int, target: str, upload: Upload, *, actor: Actor, columns: Mapping[str, str] | None = None
) -> int:
    """Keep a platform's list with what became of each row, and return its id. Books nothing.

    `columns`: field -> title of its column, where platforms' usual words do not find it. What was chosen is
    remembered for the foundation's next list from there, as long as the list is not dropped. The second click
    returns the first one. Raises CampaignNotFound, PermissionMissing, NotOnPlatform,
    TargetUnknown, and what speaks against the file.
    """
    found = await campaigns.visible_campaign(campaign_id, actor)
    if not actor.may(fund_states.RECORD, found.foundation):
        raise PermissionMissing
    if found.mode != campaign_rules.LINK or found.state not in campaign_rules.SHOWN:
        raise NotOnPlatform
    if target not in {choice.target for choice in await campaigns.purposes_of(campaign_id)}:
        raise TargetUnknown
    if len(upload.content) > BYTES_MOST:
        raise ListTooLarge(mb=BYTES_MOST // 10**6)
    known = await queries.chosen_columns(found.organization_id, platform_of(found))
    chosen, rows = await asyncio.to_thread(_read, upload.content, columns or {}, known)
    async with unit_of_work():
        await campaigns.campaign(campaign_id, lock=True)
        if (same := await _repeated(found.id, target, upload, chosen, actor)) is not None:
            return same
        return await _keep(found, target, upload, rows, chosen, actor)


def platform_of(found: CampaignView) -> str:
    """The host of the campaign's page at its platform."""
    return urlsplit(found.platform_url).hostname or found.platform_url[:100]


def _read(
    content: bytes, columns: Mapping[str, str], known: Mapping[str, str]
) -> tuple[dict[str, str], list[Row]]:
    """(field -> title as chosen now or earlier, the rows).

    Empty rows are left out, but do not go on for ever.
    """
    read = rows_of(content)
    header = next(read, [])
    rules.check_chosen(header, columns)
    chosen = dict(columns) or rules.still_there(header, known)
    return chosen, rules.rows_below(header, list(itertools.islice(read, 2 * rules.ROWS_MOST + 1)), chosen)


async def first_rows(upload: Upload) -> list[list[str]]:
    """The header and the first row of a list, from which its columns are chosen."""
    return await asyncio.to_thread(lambda: list(itertools.islice(rows_of(upload.content), 2)))


async def _repeated(
    campaign_id: int, target: str, upload: Upload, chosen: Mapping[str, str], actor: Actor
) -> int | None:
    known: int | None = await fetch_value(
        "select id from foundation_platform_list where campaign = $1 and uploaded_by = $2"
        " and state = 'judged' and uploaded_at > $3 and content = $4"
        " and fund || '-' || coalesce(purpose::text, '') = $5 and columns = $6::jsonb",
        campaign_id,
        actor.person_id,
        clock.now() - _SAME_WITHIN,
        upload.content,
        target,
        json.dumps(chosen),
    )
    return known


async def _keep(
    found: CampaignView,
    target: str,
    upload: Upload,
    rows: Sequence[Row],
    chosen: Mapping[str, str],
    actor: Actor,
) -> int:
    platform = platform_of(found)
    known = await queries.booked(found.organization_id, platform, [row.order_no for row in rows])
    judged = rules.judge(rows, Span(found.begins_on, found.ends_on, clock.today()), known)
    fund, _, purpose = target.partition("-")
    one = PlatformList(
        campaign=found.id,
        organization=found.organization_id,
        fund=int(fund),
        purpose=int(purpose) if purpose else None,
        platform=platform,
        name=upload.name[-_NAME_MOST:],
        content=upload.content,
        columns=chosen,
        rows=len(judged),
        bad=sum(row.refusal is not None for row in judged),
        gross_fen=sum(row.amount_fen for row in judged),
        fee_fen=sum(row.fee_fen for row in judged),
        uploaded_by=actor.person_id,
        uploaded_at=clock.now(),
    )
    await one.save()
    columns = zip(*(_columns(row) for row in judged), strict=True)
    await current_unit().connection.execute(
        "insert into foundation_platform_row (batch, organization, platform, line, order_no, name,"
        " amount_fen, fee_fen, paid_on, reason) select $1, $2, $3, *"
        " from unnest($4::int[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::date[],"
        " $10::text[])",
        one.id,
        found.organization_id,
        platform,
        *(list(column) for column in columns),
    )
    record_audit("foundation.platform_list_sent", Ref(rules.LIST, one.id), actor_id=actor.person_id)
    return int(one.id)


def _columns(row: Judged) -> tuple[object, ...]:
    reason = explain(row.refusal)[:200] if row.refusal else ""
    return row.line, row.order_no, row.name, row.amount_fen, row.fee_fen, row.paid_on, reason


async def settle_list(list_id: int, payout: Payout, upload: Upload | None, *, actor: Actor) -> None:
    """Record what the platform has paid out, with its slip; above the limit for gifts another confirms it.

    The second click changes nothing. Raises PlatformListNotFound, PayoutSlipMissing, RowsBad, PayoutDiffers,
    PayoutDayWrong, YearIsClosed, PayoutUsed or WrongState.
    """
    if upload is None or not upload.content:
        raise PayoutSlipMissing
    try:
        async with unit_of_work():
            one = await _locked(list_id, actor, fund_states.RECORD)
            same = (one.settled_by, one.payout_no, one.payout_fen)
            if one.state != rules.JUDGED and same == (actor.person_id, payout.payout_no, payout.payout_fen):
                return
            alone_fen = (await funds.terms(one.organization_id))[ALONE]
            is_alone = not needs_second(one.gross_fen, alone_fen)
            code = "foundation.platform_settled_alone" if is_alone else "foundation.platform_settled"
            rules.LISTS.check(code, one, clock.now())
            sums = {"gross_fen": one.gross_fen, "fee_fen": one.fee_fen}
            rules.check_payout(payout, sums, one.bad, clock.today())
            await booking.check_year(one.organization_id, payout.paid_out_on)
            await keep_file(upload, subject=Ref(rules.LIST, list_id), actor_id=actor.person_id)
            await advance(
                rules.LISTS,
                code,
                list_id,
                actor_id=actor.person_id,
                facts={"amount_fen": payout.payout_fen},
                payout_fen=payout.payout_fen,
                payout_no=payout.payout_no,
                paid_out_on=payout.paid_out_on,
                settled_by=actor.person_id,
                settled_at=clock.now(),
                reason="",
            )
            if is_alone:
                await _have_booked(list_id, actor)
    except asyncpg.UniqueViolationError:
        raise PayoutUsed from None


async def confirm_list(list_id: int, *, actor: Actor) -> None:
    """The second person has seen the payout: its gifts are booked. Repeating it changes nothing.

    Raises PlatformListNotFound, OwnPayout or WrongState.
    """
    async with unit_of_work():
        one = await _locked(list_id, actor, fund_states.CONFIRM)
        rules.check_second(actor.person_id, one.settled_by)
        if one.state in (rules.BOOKING, rules.BOOKED):
            return
        rules.LISTS.check("foundation.platform_confirmed", one, clock.now())
        by = actor.person_id
        await advance(rules.LISTS, "foundation.platform_confirmed", list_id, actor_id=by, confirmed_by=by)
        await _have_booked(list_id, actor)


async def _have_booked(list_id: int, actor: Actor) -> None:
    facts = {"list_id": list_id, "language": LANGUAGE.get()}
    job_id = await add_job_for(actor.person_id, booking.BOOK, facts, priority=1)
    await fetch("update foundation_platform_list set job = $2 where id = $1", list_id, job_id)


async def drop_list(list_id: int, *, actor: Actor) -> None:
    """It is not to be booked: the names in it are deleted. Raises PlatformListNotFound or WrongState."""
    async with unit_of_work():
        one = await _locked(list_id, actor, fund_states.RECORD)
        if one.state == rules.DROPPED:
            return
        rules.LISTS.check("foundation.platform_dropped", one, clock.now())
        code = "foundation.platform_dropped"
        await advance(rules.LISTS, code, list_id, actor_id=actor.person_id, content=None)
        await fetch("update foundation_platform_row set name = '' where batch = $1", list_id)


async def undo_list(list_id: int, *, reason: str, actor: Actor) -> None:
    """What was booked was wrong: gifts and fee go back, whole, as long as nothing of them is used.

    By somebody who did not settle it; both postings stand. Raises PlatformListNotFound, UndoReasonMissing,
    OwnList, GiftsUsed, YearIsClosed or WrongState.
    """
    async with unit_of_work():
        one = await queries.platform_list(list_id)
        _check_may(one, actor, fund_states.CONFIRM)
        await lock_foundation(one.organization_id)
        one = await queries.platform_list(list_id, lock=True)
        rules.check_undo(actor.person_id, one.settled_by, reason)
        if one.state == rules.UNDONE:
            return
        rules.LISTS.check("foundation.platform_undone", one, clock.now())
        if not await booking.take_back_gifts(list_id, actor_id=actor.person_id):
            raise GiftsUsed
        if one.entry is not None:
            await undo_cost(one.entry, reason=reason, actor=actor)
        columns: dict[str, Any] = {"undone_by": actor.person_id, "reason": reason}
        await advance(rules.LISTS, "foundation.platform_undone", list_id, actor_id=actor.person_id, **columns)


async def ask_for_list(list_id: int, *, format: str, actor: Actor) -> int:
    """Ask for the list as a sheet: as it was sent with the reasons, or booked with the trace codes.

    Returns the job's id. Raises PlatformListNotFound or FormatUnknown.
    """
    one = await queries.list_for(list_id, actor)
    return await ask_for_sheet(EXPORT, {"list_id": one.id}, format=format, person_id=actor.person_id)


async def _locked(list_id: int, actor: Actor, permission: str) -> ListView:
    one = await queries.platform_list(list_id, lock=True)
    _check_may(one, actor, permission)
    return one


def _check_may(one: ListView, actor: Actor, permission: str) -> None:
    """Raise PlatformListNotFound for who has nothing to do with its foundation, as if it were not there."""
    if not actor.may(permission, one.foundation):
        raise PlatformListNotFound
