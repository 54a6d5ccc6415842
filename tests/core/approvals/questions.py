"""Builders of approvals. Voters are plain ids: the engine asks nobody who they are."""

from datetime import timedelta
from typing import Any

from core import clock
from core.approvals.rules import Question, Rule
from core.approvals.services import cast_vote, open_approval
from core.reference import Ref

MAKER, VOTERS = 901, (902, 903, 904)
SUBJECT = Ref("test.thing", 7)


async def open_one(
    *, voters: tuple[int, ...] = VOTERS, maker: int = MAKER, needed: int = 2, **changes: Any
) -> int:
    """An approval for a day; two of three, unless told otherwise."""
    known: dict[str, Any] = {
        "subject": SUBJECT,
        "purpose": "test.decide",
        "maker_id": maker,
        "title": "审批",
        "params": {},
        "rule": Rule(needed=needed),
        "deadline": clock.now() + timedelta(days=1),
    }
    return await open_approval(Question(**(known | changes)), voter_ids=voters)


async def vote(approval_id: int, person_id: int, choice: str = "approve", reason: str = "想过了") -> None:
    """A vote with a reason."""
    await cast_vote(approval_id, choice=choice, reason=reason, person_id=person_id)
