"""The verbs of answers: take a key, keep the answer with its effect, forget old ones."""

from dataclasses import dataclass

from core import clock
from core.answers import rules
from core.answers.errors import KeyUsedDifferently, RequestUnderWay
from core.database import fetch_row, fetch_value, unit_of_work
from core.jobs.services import add_job

SWEEP = "core.sweep_answers"
_AT_ONCE = 10_000


@dataclass(frozen=True)
class Answer:
    """An answer as it was given."""

    status: int
    media_type: str
    body: bytes


async def take_key(person_id: int, key: str, digest: bytes) -> Answer | None:
    """Keep others with this key away until the COMMIT; the answer, if the request has had one.

    Raises KeyUsedDifferently, or RequestUnderWay at once: a waiting request would hold a connection.
    """
    # Two statements: the second must see what the one that held the lock before has committed.
    if not await fetch_value("select pg_try_advisory_xact_lock($1)", rules.lock_number(person_id, key)):
        raise RequestUnderWay
    row = await fetch_row(
        "select digest, status, media_type, body from given_answer"
        " where person = $1 and key = $2 and given_at > $3",
        person_id,
        key,
        clock.now() - rules.KEPT_FOR,
    )
    if row is None:
        return None
    if row["digest"] != digest:
        raise KeyUsedDifferently
    return Answer(row["status"], row["media_type"], row["body"])


async def keep_answer(person_id: int, key: str, digest: bytes, answer: Answer) -> None:
    """Write down what the request is answered; a key that is a day old begins anew."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "insert into given_answer (person, key, digest, status, media_type, body, given_at)"
            " values ($1, $2, $3, $4, $5, $6, $7)"
            " on conflict (person, key) do update set digest = excluded.digest, status = excluded.status,"
            " media_type = excluded.media_type, body = excluded.body, given_at = excluded.given_at",
            person_id,
            key,
            digest,
            answer.status,
            answer.media_type,
            answer.body,
            clock.now(),
        )


async def sweep_answers() -> None:
    """Forget answers older than a day; what is too much at once is left to a job right after."""
    async with unit_of_work() as unit:
        deleted = await unit.connection.execute(
            "delete from given_answer where id in"
            " (select id from given_answer where given_at <= $1 order by given_at limit $2)",
            clock.now() - rules.KEPT_FOR,
            _AT_ONCE,
        )
        if deleted == f"DELETE {_AT_ONCE}":
            add_job(SWEEP, {})
