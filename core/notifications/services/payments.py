"""What those concerned are told of money that goes back. Payments stand below and cannot tell anybody."""

from typing import Any

from core.language import mark
from core.money import format_yuan
from core.notifications.services import notify
from core.payments import queries, rules
from core.payments.rules import disputes, refunds
from core.people import queries as people
from core.reference import Ref


async def tell_returned(order_id: int, *, amount_fen: int, outcome: str) -> None:
    """The payer, that money is on its way back; that it came back to us, the treasurers too."""
    order = await queries.order(order_id)
    path, payer_id = order.address, order.payer_id
    params: dict[str, Any] = {"order": str(order_id), "sum": format_yuan(amount_fen)}
    if outcome == refunds.SENT:
        body = mark("缴费单 %(order)s 的 %(sum)s 元已经退回，原路退回的几天内到账。")
        if payer_id is not None:
            notify(payer_id, title=mark("退款已退回"), body=body, path=path, **params)
        return
    if outcome == refunds.UNDONE:
        body = mark("记在缴费单 %(order)s 上的 %(sum)s 元不是付这张单的，已经更正。请联系收款方的出纳。")
        if payer_id is not None:
            notify(payer_id, title=mark("到账记错，已经更正"), body=body, path=path, **params)
        return
    body = mark("银行没有收下缴费单 %(order)s 的退款 %(sum)s 元，钱还在收款方，出纳会再联系您。")
    if payer_id is not None:
        notify(payer_id, title=mark("退款没有退成"), body=body, path=path, **params)
    for person_id in await people.holders(rules.CONFIRM, Ref("organization", order.payee_id)):
        body = mark("银行把缴费单 %(order)s 的退款 %(sum)s 元退了回来，请换一种办法退。")
        notify(person_id, title=mark("退款没有退成"), body=body, path="/counter/refunds", **params)


_DISPUTES = {
    disputes.OPEN: (
        mark("付款人提出了争议"),
        mark("缴费单 %(order)s 的 %(sum)s 元被银行扣下，请在收款平台按时回应。"),
    ),
    disputes.WON: (mark("争议结束，我方有理"), mark("缴费单 %(order)s 的 %(sum)s 元还了回来。")),
    disputes.LOST: (mark("争议结束，付款人有理"), mark("缴费单 %(order)s 的 %(sum)s 元归付款人。")),
}


async def tell_of_dispute(dispute_id: int, state: str) -> None:
    """The payee's treasurers."""
    dispute = await queries.dispute(dispute_id)
    title, body = _DISPUTES[state]
    params: dict[str, Any] = {"order": str(dispute.order_id), "sum": format_yuan(dispute.amount_fen)}
    for person_id in await people.holders(rules.CONFIRM, Ref("organization", dispute.payee_id)):
        notify(person_id, title=title, body=body, path="/counter/disputes", **params)
