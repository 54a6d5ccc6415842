"""The newest checkpoint: the books as they stood when they were last proved, signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from core import signature
from core.database import fetch_row, fetch_value
from core.manifest import Difference

SIGNED_AS = "ledger-checkpoint"
# What the checkpoint has kept of the accounts and of the queue, in one order.
DIGEST = """
select encode(sha256(convert_to(concat(
    (select string_agg(concat_ws(' ', account, balance, lines), ',' order by account)
        from ledger_checkpoint_account where checkpoint = $1), ';',
    (select string_agg(concat_ws(' ', transfer, leg, account, amount), ',' order by transfer, leg)
        from ledger_checkpoint_leg where checkpoint = $1)), 'UTF8')), 'hex')"""


@dataclass(frozen=True)
class Checkpoint:
    """Proved: the transfers up to `upto`, below which none can appear any more, and those of `beyond`."""

    id: int
    upto: int
    beyond: Sequence[int]
    made_at: datetime

    def signed(self, digest: str) -> str:
        """What this deployment says of it, with the digest of what it has kept."""
        said = {
            "checkpoint": self.id,
            "upto": self.upto,
            "beyond": list(self.beyond),
            "made_at": self.made_at.astimezone(UTC).isoformat(),
            "books": digest,
        }
        return signature.sign(said, SIGNED_AS)


async def newest_checkpoint() -> Checkpoint | None:
    """None before the first one."""
    row = await _newest()
    return _checkpoint(row) if row else None


async def trusted_checkpoint() -> tuple[Checkpoint | None, list[Difference]]:
    """The newest checkpoint where it is what was signed, with all that it has kept; else what differs."""
    row = await _newest()
    if row is None:
        return None, []
    checkpoint = _checkpoint(row)
    expected = checkpoint.signed(await fetch_value(DIGEST, row["id"]))
    if row["statement"] == expected:
        return checkpoint, []
    subject = f"checkpoint {row['id']}: what was signed here"
    return None, [Difference(subject=subject, expected=expected, found=row["statement"])]


async def legs_since(checkpoint: Checkpoint | None) -> int:
    """How many legs there are that it does not know."""
    upto, beyond = (checkpoint.upto, checkpoint.beyond) if checkpoint else (-(2**63), ())
    return int(
        await fetch_value(
            "select count(*) from ledger_entry where transfer > $1 and transfer <> all($2)", upto, beyond
        )
    )


async def _newest() -> asyncpg.Record | None:
    return await fetch_row("select * from ledger_checkpoint order by id desc limit 1")


def _checkpoint(row: asyncpg.Record) -> Checkpoint:
    return Checkpoint(row["id"], row["upto"], row["beyond"], row["made_at"])
