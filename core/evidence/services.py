"""The verbs of evidence: record it, and consume it once for a purpose."""

import json
from collections.abc import Sequence
from typing import Any

import asyncpg

from core import clock
from core.database import current_unit, unit_of_work
from core.evidence.errors import EvidenceUsed
from core.reference import Ref


async def record_evidence(kind: str, subject: Ref, *, actor_id: int | None, **facts: Any) -> int:
    """Write down, in the caller's unit of work, that something happened; returns the evidence's id.

    Whether it happened is for the caller to know. `facts`: ids, numbers and digests only.
    """
    return int(
        await current_unit().connection.fetchval(
            "insert into evidence (kind, subject_kind, subject_id, facts, recorded_by, recorded_at)"
            " values ($1, $2, $3, $4, $5, $6) returning id",
            kind,
            *subject,
            json.dumps(facts),
            actor_id,
            clock.now(),
        )
    )


async def use_evidence(evidence_id: int, *, purpose: str, user: Ref) -> None:
    """Consume evidence in the caller's unit of work, for what is no transfer; raises EvidenceUsed.

    A transfer whose reason requires evidence consumes it by itself.
    """
    try:
        async with unit_of_work() as unit:
            await unit.connection.execute(
                "insert into evidence_use (evidence, purpose, user_kind, user_id) values ($1, $2, $3, $4)",
                evidence_id,
                purpose,
                *user,
            )
    except asyncpg.UniqueViolationError:
        raise EvidenceUsed from None


async def record_evidence_of_many(
    kind: str, subject_kind: str, subject_ids: Sequence[int], *, actor_id: int | None, **facts: Any
) -> dict[int, int]:
    """The same about many things at once: subject -> its evidence."""
    rows = await current_unit().connection.fetch(
        "insert into evidence (kind, subject_kind, subject_id, facts, recorded_by, recorded_at)"
        " select $1, $2, id, $4, $5, $6 from unnest($3::bigint[]) s(id) order by id"
        " returning subject_id, id",
        kind,
        subject_kind,
        list(subject_ids),
        json.dumps(facts),
        actor_id,
        clock.now(),
    )
    return {row["subject_id"]: row["id"] for row in rows}
