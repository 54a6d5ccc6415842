#!/usr/bin/env python3
"""检查一个档案袋 / Check a dossier: `python3 verify.py`, or `python3 verify.py dossier.zip`.

Needs Python 3.11 and nothing else. It says what differs, one finding a line, and ends with status 1 if
anything does.
"""

import base64
import csv
import hashlib
import io
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
CERTIFICATES = "records/certificates.json"
GIFTS = "records/gifts.json"


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
    if CERTIFICATES in dossier.names:
        yield from certificate_findings(dossier)
    if GIFTS in dossier.names:
        yield from gift_findings(dossier)
        yield from lot_findings(dossier, {transfer["id"] for transfer in transfers})


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


def certificate_findings(dossier: Dossier) -> Iterator[str]:
    """Each certificate says what was signed, and what is valid is the sum of what was confirmed till then."""
    keys = [decoded(key["x"]) for key in json.loads(dossier.read("records/certificate_keys.json"))]
    services = json.loads(dossier.read("records/volunteer_services.json"))
    for row in json.loads(dossier.read(CERTIFICATES)):
        said, _, signature = row["statement"].rpartition(".")
        facts = json.loads(decoded(said.partition(".")[2]))
        number = row["number"]
        if not any(is_signed(key, said.encode(), decoded(signature)) for key in keys):
            yield f"证明 {number}: 签名不对 / certificate {number}: the signature is wrong"
        for name, signed_name in (("number", "jti"), ("minutes",) * 2, ("services",) * 2):
            if row[name] != facts[signed_name]:
                yield f"证明 {number}: {row[name]}, 签的是 / but signed is {facts[signed_name]}"
        counted = sum(service["minutes"] for service in services if is_counted(service, row))
        if row["revoked_at"] is None and counted != row["minutes"]:
            yield f"证明 {number}: {row['minutes']}, 记录合计 / but its records sum to {counted}"


def gift_findings(dossier: Dossier) -> Iterator[str]:
    """What became of each gift adds up to it, and each receipt says what was signed."""
    uses = Counter[int]()
    for use in json.loads(dossier.read("records/uses.json")):
        uses[use["gift"]] += use["amount_fen"]
    for gift in json.loads(dossier.read(GIFTS)):
        name, given, used = gift["id"], gift["amount_fen"], uses[gift["id"]]
        if given != used:
            yield f"捐赠 {name}: {given}, 去向合计 {used} / gift {name}: its uses sum to {used}"
    keys = [decoded(key["x"]) for key in json.loads(dossier.read("records/receipt_keys.json"))]
    for row in json.loads(dossier.read("records/receipts.json")):
        said, _, signature = row["statement"].rpartition(".")
        facts, number = json.loads(decoded(said.partition(".")[2])), row["number"]
        if not any(is_signed(key, said.encode(), decoded(signature)) for key in keys):
            yield f"回执 {number}: 签名不对 / receipt {number}: the signature is wrong"
        for key, signed_key in (("number", "jti"), ("amount_fen",) * 2):
            if row[key] != facts[signed_key]:
                yield f"回执 {number}: {row[key]}, 签的是 / but signed is {facts[signed_key]}"


def lot_findings(dossier: Dossier, transfers: set[int]) -> Iterator[str]:
    """Of each lot what came is all of it, no more went than came, and each move has its transfer."""
    came, went = Counter[int](), Counter[int]()
    for move in json.loads(dossier.read("records/lot_moves.json")):
        if move["from_account"] is None:
            came[move["lot"]] += move["amount_fen"]
        if move["to_account"] is None:
            went[move["lot"]] += move["amount_fen"]
        if move["transfer"] not in transfers:
            yield f"批次 {move['lot']}: 没有凭单 {move['transfer']} / its transfer is missing"
    for lot in json.loads(dossier.read("records/lots.json")):
        name, amount = lot["id"], lot["amount_fen"]
        if came[name] != amount or went[name] > amount:
            yield f"批次 {name}: {amount}, 进 {came[name]} 出 {went[name]} / lot {name}: came and went differ"


def is_counted(service: dict[str, Any], certificate: dict[str, Any]) -> bool:
    """Does the certificate sum it up?"""
    if service["state"] != "confirmed" or service["organization"] != certificate["organization"]:
        return False
    issued_at = datetime.fromisoformat(certificate["issued_at"])
    return datetime.fromisoformat(service["confirmed_at"]) <= issued_at


def decoded(text: str) -> bytes:
    """From base64url without its padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# --- Ed25519 (RFC 8032, section 5.1), for Python has none. Only checking: nothing here is secret. ---------

Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, xy = T/Z
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def is_signed(key: bytes, said: bytes, signature: bytes) -> bool:
    """Was it signed by whoever has the key's other half?"""
    public, random = point_of(key), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or random is None or len(signature) != 64 or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + said).digest(), "little") % ORDER
    left, right = times(scalar, BASE), added(random, times(challenge, public))
    return all((left[n] * right[2] - right[n] * left[2]) % P == 0 for n in (0, 1))


def point_of(content: bytes) -> Point | None:
    """The point that the 32 bytes stand for, if there is one."""
    y = int.from_bytes(content, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if len(content) != 32 or y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def added(a: Point, b: Point) -> Point:
    """The sum of two points."""
    minus, plus = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = plus - minus, d - c, d + c, plus + minus
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    """The point added to itself so many times."""
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = added(total, point)
        point, number = added(point, point), number >> 1
    return total


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


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
