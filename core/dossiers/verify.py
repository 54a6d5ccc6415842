#!/usr/bin/env python3
"""检查一个档案袋 / Check a dossier: `python3 verify.py`, or `python3 verify.py dossier.zip`.

Needs Python 3.11 and nothing else. It says what differs, one finding a line, and ends with status 1 if
anything does.
"""

import csv
import hashlib
import io
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"


class Zipped:
    """A dossier that was not unpacked."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        self.names = [name for name in self._zip.namelist() if not name.endswith("/")]

    def read(self, name: str) -> bytes:
        return self._zip.read(name)


class Unpacked:
    """A dossier in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        self.names = [path.as_posix() for path in files if "__pycache__" not in path.parts]

    def read(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()


Dossier = Zipped | Unpacked


def findings(dossier: Dossier) -> Iterator[str]:
    """Everything that differs. What cannot be read is not looked into any further."""
    altered = list(hash_findings(dossier))
    yield from altered
    if any("ledger/" in finding for finding in altered):
        yield "账目改过，以下按改过的核对 / the ledger was altered; what follows is about what it is now"
    transfers = json.loads(dossier.read("ledger/transfers.json"))
    accounts = json.loads(dossier.read("ledger/accounts.json"))
    yield from transfer_findings(transfers)
    entries: dict[int, Counter[tuple[int, int]]] = {account["id"]: Counter() for account in accounts}
    for transfer in transfers:
        for entry in transfer["entries"]:
            if entry["account"] in entries:
                entries[entry["account"]][transfer["id"], entry["amount"]] += 1
    for account in accounts:
        yield from statement_findings(dossier, account, entries[account["id"]])


def hash_findings(dossier: Dossier) -> Iterator[str]:
    """The files against the manifest."""
    names = dossier.names
    files = json.loads(dossier.read(MANIFEST))["files"]
    for name in sorted({name for name, times in Counter(names).items() if times > 1}):
        yield f"{name}: 有两份 / is there twice"
    for name in sorted(files.keys() - set(names)):
        if not name.startswith("ledger/statement-"):  # the account says so too
            yield f"{name}: 缺少 / is missing"
    for name in sorted(set(names) - files.keys() - {MANIFEST}):
        yield f"{name}: 清单里没有 / is not in the manifest"
    for name in sorted(files.keys() & set(names)):
        content, said = dossier.read(name), files[name]
        found = hashlib.sha256(content).hexdigest()
        if (len(content), found) != (said["bytes"], said["sha256"]):
            yield f"{name}: 内容改过 / was altered: SHA-256 {said['sha256']} → {found}"


def transfer_findings(transfers: list[dict[str, Any]]) -> Iterator[str]:
    """Each transfer is there once and sums to zero."""
    for transfer_id, times in Counter(transfer["id"] for transfer in transfers).items():
        if times > 1:
            yield f"凭单 {transfer_id}: 有 {times} 张 / transfer {transfer_id}: is there {times} times"
    for transfer in transfers:
        amounts = [entry["amount"] for entry in transfer["entries"]]
        name, total = transfer["id"], sum(amounts)
        if total or len(amounts) < 2:
            yield f"凭单 {name}: 分录合计 {total} / transfer {name}: entries sum to {total}, not to 0"


def statement_findings(
    dossier: Dossier, account: dict[str, Any], entries: Counter[tuple[int, int]]
) -> Iterator[str]:
    """Lines are numbered from 1, each is an entry of a transfer, and balances follow from one another."""
    path = f"ledger/statement-{account['id']}.csv"
    if path not in dossier.names:
        yield f"{path}: 缺少 / is missing"
        return
    rows = list(csv.reader(io.StringIO(dossier.read(path).decode("utf-8-sig"), newline="")))[1:]
    balance, seen = 0, Counter[tuple[int, int]]()
    for number, row in enumerate(rows, 1):
        amount, shown = (int(Decimal(cell).scaleb(account["digits"])) for cell in row[-2:])
        balance += amount
        seen[int(row[2]), amount] += 1
        if row[0] != str(number):
            yield f"{path}: 第 {number} 行的编号是 {row[0]} / line {number} has the number {row[0]}"
        if shown != balance:
            yield f"{path}: 第 {number} 行的余额 / balance of line {number}: {shown}, not {balance}"
    for transfer, amount in sorted((seen - entries).keys()):
        yield f"{path}: 凭单 {transfer} 没有 {amount} 的分录 / transfer {transfer} has no entry of {amount}"
    for transfer, amount in sorted((entries - seen).keys()):
        yield f"{path}: 少了凭单 {transfer} 的 {amount} / lacks the {amount} of transfer {transfer}"
    if (balance, len(rows)) != (account["balance"], account["lines"]):
        yield (
            f"{path}: 与账户不符 / differs from the account: {balance} after {len(rows)} lines,"
            f" not {account['balance']} after {account['lines']}"
        )


def main(arguments: list[str]) -> int:
    """Check what the argument names, or the folder of this file."""
    place = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        dossier = Zipped(place) if place.is_file() else Unpacked(place)
        found = list(findings(dossier))
        digest = hashlib.sha256(dossier.read(MANIFEST)).hexdigest()
    except (OSError, LookupError, TypeError, ValueError, ArithmeticError, zipfile.BadZipFile) as wrong:
        print(f"读不懂 / cannot be read: {place}: {wrong!r}")
        return 2
    for finding in found:
        print(finding)
    print(f"发现 {len(found)} 处不一致 / {len(found)} differences" if found else "一致 / clean")
    print(f"{MANIFEST} SHA-256 {digest}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
