"""What payments can refuse."""

from core.errors import Conflict, Invalid, NotFound


class OrderNotFound(NotFound):
    """No such order, or not for this person to see."""

    message = "没有找到这张缴费单"


class OrderNotOpen(Conflict):
    """It was cancelled, or its time to pay is over."""

    message = "这张缴费单已经取消或过期，请居民重新认领"


class OrderNotPaid(Conflict):
    """There is no receipt for it yet."""

    message = "这张缴费单还没有缴费，缴费之后才有凭条"


class OrderPaidAlready(Conflict):
    """It was paid before; nothing more may be taken."""

    message = "这张缴费单已经缴过费"


class OwnOrder(Conflict):
    """Nobody confirms the money of the own household."""

    message = "不能确认自己家的缴费，请另一位出纳办理"


class ReceiptNumberUsed(Conflict):
    """Another payment of the same payee carries this receipt number."""

    message = "收据号 %(receipt_no)s 已经用过"


class ReceiptNumberMalformed(Invalid):
    """Empty, or longer than a receipt number is."""

    message = "请填写收据号，最多 40 个字"
    field = "receipt_no"


class AmountDiffers(Invalid):
    """What was counted at the counter is not what is owed."""

    message = "应收 %(expected)s 元，请点清再填"
    field = "amount"
