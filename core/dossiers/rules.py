"""Who asks for a copy of what was given (慈善法 42), how often, and how long it is kept. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.dossiers.errors import PackNotYet, PackReasonMissing, TooManyPacks
from core.funds.rules import states
from core.language import mark
from core.manifest import Parameter

PACK = "gift_pack"
KEPT_DAYS = "core.gift_pack_days"
PARAMETERS = (
    Parameter(
        code=KEPT_DAYS,
        title=mark("捐赠资料副本做好以后保存几天"),
        unit=mark("天"),
        scopes=("platform",),
        default=7,
        minimum=1,
        maximum=30,
    ),
)
SEEN_PACK = mark("捐赠资料副本：代您制作")
# How many one person, or one address without an account, may have made in which time.
PACKS_MOST, PACKS_WITHIN = 10, timedelta(hours=1)
# Bounds of one pack: the newest gifts, bytes of files, receipts as PDF, rows of a table in the index.
GIFTS_MOST, FILES_MOST_BYTES, PAPERS_MOST, INDEX_ROWS_MOST = 1_000, 40_000_000, 100, 300


def check_gift(state: str) -> None:
    """Raise PackNotYet."""
    if state != states.COUNTED:
        raise PackNotYet


def check_on_behalf(reason: str) -> None:
    """Raise PackReasonMissing."""
    if not reason.strip():
        raise PackReasonMissing


def check_often(asked_at: Sequence[datetime], now: datetime) -> None:
    """Raise TooManyPacks, with the seconds until there is room again."""
    if len(asked_at) >= PACKS_MOST:
        opens_at = sorted(asked_at)[-PACKS_MOST] + PACKS_WITHIN
        raise TooManyPacks(max(1, -(-(opens_at - now) // timedelta(seconds=1))))
