"""The verbs of notifications."""

import json
from collections.abc import Sequence

from core import clock
from core.approvals import queries as approvals
from core.approvals.rules import APPROVED, EXPIRED, REJECTED, WITHDRAWN
from core.database import current_unit, unit_of_work
from core.jobs.services import add_job
from core.language import mark, show_time

DELIVER = "core.deliver_notice"


_OUTCOMES = {
    APPROVED: (mark("审批通过了"), mark("您发起的事已经通过审批。")),
    REJECTED: (mark("审批没有通过"), mark("您发起的事没有通过，打开可以看到各人的意见。")),
    EXPIRED: (mark("审批过期了"), mark("到期限时同意的人还不够。需要的话请重新发起。")),
}


def notify(person_id: int, *, title: str, body: str, path: str = "", **params: str | int) -> None:
    """Tell a person something: a job row in the caller's unit of work.

    `title` and `body` are catalogue messages; `params` fill their places and name no third person.
    """
    add_job(
        DELIVER,
        {"person_id": person_id, "title": title, "body": body, "path": path, "params": params},
    )


async def tell_voters(approval_id: int) -> None:
    """An approval waits for those of its voters who are not recused."""
    approval, ballot = await approvals.approval(approval_id), await approvals.ballot(approval_id)
    for person_id in ballot.eligible:
        notify(
            person_id,
            title=mark("有一件事等您审批"),
            body=mark("请在 %(deadline)s 之前看一看，写下您的意见。"),
            path=f"/approvals/{approval_id}",
            deadline=show_time(approval.deadline),
        )


async def tell_maker(approval_id: int, outcome: str) -> None:
    """An approval has ended; who withdrew it knows."""
    if outcome != WITHDRAWN:
        approval = await approvals.approval(approval_id)
        title, body = _OUTCOMES[outcome]
        notify(approval.maker_id, title=title, body=body, path=f"/approvals/{approval_id}")


async def deliver_notice(
    person_id: int, title: str, body: str, path: str, params: dict[str, str | int]
) -> None:
    """Put the notice into the inbox, in the unit of work of the job that asks for it."""
    await current_unit().connection.execute(
        "insert into notification (person, title, body, params, path, created_at)"
        " values ($1, $2, $3, $4, $5, $6)",
        person_id,
        title,
        body,
        json.dumps(params, ensure_ascii=False),
        path,
        clock.now(),
    )


async def mark_read(person_id: int, notice_ids: Sequence[int]) -> None:
    """The person has seen these notices."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "update notification set read_at = $2 where person = $1 and read_at is null and id = any($3)",
            person_id,
            clock.now(),
            list(notice_ids),
        )
