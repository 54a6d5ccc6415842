"""What money that comes back from payees can refuse."""

from core.errors import Conflict, Invalid, NotFound


class PaybackTooMuch(Invalid):
    """More than was paid and has not come back."""

    message = "最多退回 %(most)s 元"
    field = "amount"


class PaybackWaits(Conflict):
    """One after the other: each is drawn from what was paid and has not come back."""

    message = "有一笔退回的用款还没有确认，请先确认或取消"


class PaybackNotFound(NotFound):
    """Nothing waits to be confirmed."""

    message = "没有等待确认的退回用款"


class PaybackSlipUsed(Conflict):
    """A slip is booked once."""

    message = "凭证号 %(slip_no)s 已经登记过退回用款"
    field = "slip_no"


class NotPaidYet(Conflict):
    """Nothing can come back of what has not gone out."""

    message = "付款以后才能登记退回的用款"


class FundOver(Conflict):
    """Money cannot come back to a fund that has ended."""

    message = "基金已经结束，退回的钱请作为基金会的其他收入登记"
