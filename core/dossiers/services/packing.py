"""Fill the zip of a donor's copy: records, the ledger's transfers, papers, files, a readable index."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core import clock, plugins
from core.documents.services import print_paper
from core.dossiers import papers, queries, rules
from core.dossiers.archive import VERIFY, Archive, as_json, safe_name
from core.dossiers.queries import packs
from core.dossiers.queries.packs import Copy, FileOf
from core.funds import papers as fund_papers
from core.funds.queries import agreements, gifts, receipts
from core.jobs import progress
from core.manifest import GiftRecords

_README = VERIFY.with_name("pack.txt")
# Steps that are told as progress beside one for each file.
_STEPS = 4
_LEFT_OUT = ("note", "evidence")


async def write_pack(copy: Copy, target: Path) -> str:
    """Write it to `target` and return the SHA-256 of its manifest."""
    now, gift_ids, is_own = clock.now(), copy.gift_ids, copy.is_own
    parts: list[GiftRecords] = await plugins.collect("collect_gift_records", gift_ids=gift_ids, is_own=is_own)
    files = await packs.files_of(sorted({one for part in parts for one in part.files}))
    with Archive(target, made_at=now) as archive:
        packer = _Packer(archive, parts, of=_STEPS + len(files))
        archive.add("README.txt", [_README.read_bytes()])
        archive.add("verify.py", [VERIFY.read_bytes()])
        for part in parts:
            archive.add(f"records/{part.name}.json", as_json(part.rows))
        await packer.step()
        await packer.ledger()
        await packer.receipts(gift_ids, is_own=is_own)
        await packer.agreements()
        listed = await packer.files(files, is_own=is_own)
        archive.add("records/files.json", as_json(listed))
        paper = papers.index_paper(copy, parts, listed, made_at=now)
        archive.add("index.pdf", [await print_paper(paper, is_told=False)])
        await packer.step()
        return archive.close({"subject": str(copy.subject), "made_at": now, "audit_seal": None})


class _Packer:
    """Fills one archive, and tells how far it is."""

    def __init__(self, archive: Archive, parts: Sequence[GiftRecords], *, of: int) -> None:
        self._archive, self._of, self._done = archive, of, 0
        self._rows: dict[str, Sequence[Mapping[str, Any]]] = {part.name: part.rows for part in parts}

    async def step(self) -> None:
        """One more is done."""
        self._done += 1
        await progress.report(self._done, self._of)

    async def ledger(self) -> None:
        """The transfers by which the gifts came, moved and went, with all legs; nobody's whole account."""
        moved = {row["transfer"] for name in ("lots", "lot_moves") for row in self._rows[name]}
        found = [row async for some in queries.transfers_with(sorted(moved)) for row in some]
        kept = [{key: row[key] for key in row if key not in _LEFT_OUT} for row in found]
        self._archive.add("ledger/accounts.json", as_json([]))
        self._archive.add("ledger/transfers.json", as_json(kept))
        await self.step()

    async def receipts(self, gift_ids: list[int], *, is_own: bool) -> None:
        """Those that hold, the newest at most, as they are printed."""
        every = await receipts.receipts_with(gift_ids)
        valid = [one for one in every if one.voided_at is None][-rules.PAPERS_MOST :]
        given = {gift.id: gift for gift in await gifts.gifts_with([one.gift_id for one in valid])}
        for one in valid:
            gift = given[one.gift_id]
            donor = receipts.donor_on(gift, is_own=is_own)
            paper = fund_papers.receipt_paper(
                one,
                gift,
                donor=donor,
                code=receipts.code_of(one, gift, donor=donor),
                void=[old.number for old in every if old.gift_id == gift.id and old.voided_at],
            )
            self._archive.add(f"receipts/{one.number}.pdf", [await print_paper(paper, is_told=False)])
        await self.step()

    async def agreements(self) -> None:
        """By which the funds were founded; of a founder that is a person not the whole name."""
        found = await agreements.agreements_with([row["id"] for row in self._rows["fund_agreements"]])
        for one in found[: rules.PAPERS_MOST]:
            paper = fund_papers.agreement_paper(one, founder=one.public_founder)
            self._archive.add(f"agreements/{one.number}.pdf", [await print_paper(paper, is_told=False)])

    async def files(self, files: Sequence[FileOf], *, is_own: bool) -> list[dict[str, Any]]:
        """What the donor may see, as long as there is room; all of it is listed, with its hash."""
        listed, room = [], rules.FILES_MOST_BYTES
        for file in files:
            may_have = file.is_public or is_own
            fits = may_have and file.bytes <= room
            path = f"documents/{file.id}-{safe_name(file.name)}" if fits else None
            if path:
                room -= file.bytes
                await self._add_file(file.id, path)
            listed.append({**asdict(file), "path": path, "why_not": _why_not(may_have, fits)})
            await self.step()
        return listed

    async def _add_file(self, file_id: int, path: str) -> None:
        async for some in queries.contents([file_id]):
            for file in some:
                self._archive.add(path, [file.content])


def _why_not(may_have: bool, fits: bool) -> str:
    if not may_have:
        return "private"
    return "" if fits else "too_large"
