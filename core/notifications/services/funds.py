"""What those concerned are told of a request for money. Funds stand below and cannot tell anybody."""

from collections.abc import Sequence
from typing import Any

from core.funds.queries import changes, gifts, refunds, requests
from core.funds.rules import changes as rule
from core.funds.rules import states
from core.language import mark
from core.money import format_yuan
from core.notifications.services import notify
from core.people import queries as people

# State -> title, body for whoever asked. The approval itself tells how the vote came out.
_ASKER = {
    states.HELD: (mark("用款通过了合规审核"), mark("“%(what)s”的 %(sum)s 元已经留存，等两位付款人付款。")),
    states.REFUSED: (mark("用款没有通过"), mark("“%(what)s”没有通过，打开可以看到理由。")),
    states.PAID: (mark("用款已付出"), mark("“%(what)s”的 %(sum)s 元已经付出，请在 %(due)s 之前交凭证。")),
    states.RELEASED: (mark("专款退回了基金"), mark("“%(what)s”不再用款，%(sum)s 元退回了基金。")),
}
# State -> who goes on with it, and what they are told.
_NEXT = {
    states.APPROVED: (states.CHECK, mark("有一项用款等合规审核")),
    states.HELD: (states.RECORD, mark("有一项用款等付款制单")),
    states.PREPARED: (states.CONFIRM, mark("有一项用款等复核付款")),
}
_DONOR = {
    states.PAID: (mark("您的捐赠用上了"), mark("您捐给%(fund)s的钱用在了“%(what)s”。")),
    states.REPORTED: (mark("您的捐赠有了结果"), mark("“%(what)s”的凭证到了：%(result)s")),
}
# State of a change of purpose -> what its donors are told.
_CHANGE = {
    rule.ASKING: (
        mark("您的捐赠可以改用吗？"),
        mark("%(fund)s想把限定用于“%(old)s”的钱用于“%(new)s”，请在 %(day)s 之前回答。"),
    ),
    rule.DONE: (
        mark("改变用途有了结果"),
        mark("%(fund)s把同意的捐赠从“%(old)s”改为“%(new)s”；不同意的，用途不变。"),
    ),
    rule.DROPPED: (mark("不改变用途了"), mark("%(fund)s不再问“%(old)s”能不能改为“%(new)s”，用途不变。")),
}


async def tell_of_request(request_id: int, state: str) -> None:
    """Tell who asked, who goes on with it, and the donors whose money it is."""
    request = await requests.request(request_id)
    params: dict[str, Any] = {
        "what": request.title,
        "sum": format_yuan(request.amount_fen),
        "due": str(request.voucher_due_on or ""),
        "fund": request.fund,
        "result": request.result,
    }
    path = f"/funds/requests/{request_id}"
    if state in _ASKER:
        title, body = _ASKER[state]
        notify(request.asked_by, title=title, body=body, path=path, **params)
    if state in _NEXT:
        permission, title = _NEXT[state]
        for person_id in await people.holders(permission, request.foundation):
            if person_id != request.asked_by and (state, person_id) != (states.PREPARED, request.prepared_by):
                body = mark("“%(what)s”，%(sum)s 元。")
                notify(person_id, title=title, body=body, path=path, **params)
    if state in _DONOR:
        title, body = _DONOR[state]
        for person_id in await requests.donors(request_id):
            notify(person_id, title=title, body=body, path="/gifts/mine", **params)


async def tell_donors_of_change(change_id: int, state: str) -> None:
    """Ask the donors, and tell them what came of it."""
    change = await changes.change(change_id)
    title, body = _CHANGE[state]
    params: dict[str, Any] = {
        "fund": change.fund,
        "old": change.from_purpose,
        "new": change.to_purpose,
        "day": str(change.answers_until),
    }
    for person_id in await changes.donors(change_id):
        notify(person_id, title=title, body=body, path=f"/funds/changes/{change_id}", **params)


async def tell_donors_of_gifts(gift_ids: Sequence[int]) -> None:
    """Tell the donors, where there are accounts, that online gifts have come: nobody else says so."""
    title, body = (
        mark("捐款到账了"),
        mark("%(fund)s收到了您捐的 %(sum)s 元，谢谢您！打开可以看到这笔钱去了哪里。"),
    )
    for gift in await gifts.gifts_with(gift_ids):
        if gift.donor_id is not None and gift.order_id is not None:
            params: dict[str, Any] = {"fund": gift.fund, "sum": format_yuan(gift.amount_fen)}
            notify(gift.donor_id, title=title, body=body, path=f"/gifts/{gift.id}", **params)


async def tell_donor_of_refund(gift_id: int) -> None:
    """Tell the donor, where there is an account, that money went back and why."""
    gift, refund = await gifts.gift(gift_id), await refunds.refund_of(gift_id)
    if gift.donor_id is None or refund is None:
        return
    params: dict[str, Any] = {"fund": gift.fund, "sum": format_yuan(refund.amount_fen), "why": refund.reason}
    body = mark("%(fund)s退还了 %(sum)s 元：%(why)s")
    notify(gift.donor_id, title=mark("有一笔捐赠退还给您"), body=body, path=f"/gifts/{gift_id}", **params)
