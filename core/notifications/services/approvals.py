"""What those concerned are told of an approval. The engine stands below and cannot tell anybody itself."""

from core.approvals import queries as approvals
from core.approvals.rules import APPROVED, EXPIRED, REJECTED, WITHDRAWN
from core.language import mark, show_time
from core.notifications.services import notify

_OUTCOMES = {
    APPROVED: (mark("审批通过了"), mark("您发起的事已经通过审批。")),
    REJECTED: (mark("审批没有通过"), mark("您发起的事没有通过，打开可以看到各人的意见。")),
    EXPIRED: (mark("审批过期了"), mark("到期限时同意的人还不够。需要的话请重新发起。")),
}


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
