"""Write everything about one thing into a zip for its auditors."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from core import clock, plugins
from core.audit.queries import newest_seal
from core.audit.services import record_audit
from core.database import unit_of_work
from core.documents.sheets import neutral
from core.dossiers import queries
from core.dossiers.archive import VERIFY, Archive, as_json, safe_name
from core.dossiers.errors import NothingOnRecord
from core.dossiers.queries.packs import Copy
from core.dossiers.services.packing import write_pack
from core.funds import rules as funds
from core.funds.errors import GiftNotFound
from core.funds.queries import gifts
from core.language import show_time
from core.ledger.queries import lines_after
from core.ledger.rules import reason_title
from core.manifest import DossierPart
from core.organizations.queries import organization
from core.reference import Ref

MADE, GIFT = "dossier.made", "gift"
_LINES_AT_ONCE = 5_000
_README = VERIFY.with_name("dossier.txt")
_HEADER = ("编号", "时间", "凭单", "事由代码", "事由", "说明", "收支", "余额")
Report = Callable[[str], None]


async def make_dossier(subject: Ref, target: Path, *, report: Report) -> str:
    """Write the dossier of `subject` to `target` and return the SHA-256 of its manifest.

    All of it as it stood at one moment; that a dossier was made, and its digest, are on record.
    `report` is told what was added. Of a gift it is its donor's copy. Raises NothingOnRecord.
    """
    if subject.kind == GIFT:
        return await _make_of_gift(subject, target)
    now = clock.now()
    async with unit_of_work(isolation="repeatable_read", readonly=True):
        await queries.unhurried()
        facts = {"subject_kind": subject.kind, "subject_id": subject.id}
        parts: list[DossierPart] = await plugins.collect("collect_dossier", **facts)
        if not any(part.rows for part in parts):
            raise NothingOnRecord(subject=subject)
        with Archive(target, made_at=now) as archive:
            await _Writer(archive, parts, report).write()
            seal = await newest_seal()
            digest = archive.close(
                {"subject": str(subject), "made_at": now, "audit_seal": asdict(seal) if seal else None}
            )
    async with unit_of_work():
        record_audit(MADE, subject, actor_id=None, manifest=digest)
    return digest


async def _make_of_gift(subject: Ref, target: Path) -> str:
    async with unit_of_work(isolation="repeatable_read", readonly=True):
        await queries.unhurried()
        try:
            gift = await gifts.gift(subject.id)
        except GiftNotFound:
            raise NothingOnRecord(subject=subject) from None
        owner = await organization(gift.organization_id)
        digest = await write_pack(Copy(subject, owner.name, [gift.id], is_own=True), target)
    async with unit_of_work():
        record_audit(MADE, Ref(funds.GIFT, gift.id), actor_id=None, manifest=digest)
    return digest


class _Writer:
    """Fills one archive."""

    def __init__(self, archive: Archive, parts: Sequence[DossierPart], report: Report) -> None:
        self._archive, self._parts, self._report = archive, parts, report
        self._subjects = sorted({subject for part in parts for subject in part.subjects})

    async def write(self) -> None:
        self._archive.add("README.txt", [_README.read_bytes()])
        self._archive.add("verify.py", [VERIFY.read_bytes()])
        for part in self._parts:
            self._add(f"records/{part.name}.json", part.rows)
        await self._ledger()
        for what in ("evidence", "audit"):
            self._add(f"records/{what}.json", await _all(queries.about(what, self._subjects)))
        files = await _all(queries.about("files", self._subjects))
        self._add("records/files.json", files)
        async for some in queries.contents([file["id"] for file in files]):
            for file in some:
                self._archive.add(f"documents/{file.id}-{safe_name(file.name)}", [file.content])

    async def _ledger(self) -> None:
        single_ids = [account_id for part in self._parts for account_id in part.accounts]
        accounts = await queries.accounts(self._subjects, single_ids)
        self._add("ledger/accounts.json", [asdict(account) for account in accounts])
        transfers = await _all(queries.transfers([account.id for account in accounts]))
        self._add("ledger/transfers.json", transfers)
        for account in accounts:
            rows = [_csv(_HEADER), *[_csv(row) async for row in _statement(account)]]
            self._archive.add(f"ledger/statement-{account.id}.csv", [b"\xef\xbb\xbf", *rows])

    def _add(self, path: str, rows: Sequence[Any]) -> None:
        self._archive.add(path, as_json(rows))
        self._report(f"{path}: {len(rows)}")


async def _all(batches: AsyncIterator[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [_plain(row) async for some in batches for row in some]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """What the database says as JSON text, as what it says."""
    return {key: json.loads(row[key]) if key in ("facts", "uses") else row[key] for key in row}


async def _statement(account: queries.AccountView) -> AsyncIterator[Sequence[Any]]:
    for past in range(0, account.lines, _LINES_AT_ONCE):
        for line in await lines_after(account.id, number=past, limit=_LINES_AT_ONCE):
            yield (
                line.number,
                show_time(line.occurred_at),
                line.transfer_id,
                line.reason,
                reason_title(line.reason),
                line.note,
                Decimal(line.amount).scaleb(-account.digits),
                Decimal(line.balance).scaleb(-account.digits),
            )


def _csv(cells: Sequence[Any]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow([neutral(cell) for cell in cells])
    return text.getvalue().encode()
