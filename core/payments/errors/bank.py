"""What is refused about transfers, banks' statements and their lines."""

from core.errors import Conflict, Invalid, NotFound


class TransferNotOffered(Conflict):
    """The payee has no confirmed account at a bank, or the order asks for nothing."""

    message = "收款方还没有登记银行账户，请到柜台办理"


class TransferUnderWay(Conflict):
    """The payer has said to transfer the money: the order waits for it."""

    message = "您选了银行转账，这张缴费单在等款项到账；不转了，请先在缴费单上取消转账"


class StatementNotFound(NotFound):
    """No such statement, or not for this person to see."""

    message = "没有找到这份银行流水"


class StatementInUse(Conflict):
    """It is being worked on, or was taken over."""

    message = "这份流水正在处理或已经导入，不能删除"


class StatementNotReady(Conflict):
    """It is being worked on, was taken over, or has nothing new."""

    message = "这份流水现在不能导入，请看它的状态"


class ColumnsUnclear(Invalid):
    """A day and a sum are the least that a statement must say, each in a column of its own."""

    message = "请指明日期和收入金额各是哪一列，一列不能当两样用"
    field = "day"


class HeaderUnclear(Invalid):
    """No such row, or it does not name columns."""

    message = "请写列名所在的行号，在前 %(most)s 行里"
    field = "header_line"


class StatementTooLong(Invalid):
    """More rows than we take at once."""

    message = "最多 %(most)s 行，请按月分开导出"
    field = "file"


class DayUnreadable(Invalid):
    """Not a day as banks write it, or one that has not come."""

    message = "日期看不懂，或者还没有到"


class SumUnreadable(Invalid):
    """Not an amount of money."""

    message = "金额看不懂"


class SumNegative(Invalid):
    """Money that the bank took back: a person must look at it."""

    message = "收入金额是负数，可能是银行冲正，请人工核对"


class DirectionUnreadable(Invalid):
    """Neither in nor out."""

    message = "借贷标志看不懂"


class TwiceInStatement(Invalid):
    """Its serial number stands in a row above."""

    message = "流水号和第 %(line)s 行相同，请核对流水号是哪一列"


class SerialDiffers(Invalid):
    """A line with the same serial number is known, with another sum."""

    message = "这个流水号以前导入过，金额却不同"


class BankLineNotFound(NotFound):
    """No such line of a bank's statement, or not for this person to see."""

    message = "没有找到这笔到账"


class PayoutDiffers(Conflict):
    """The line cannot be this payout's arrival, or the payout has arrived."""

    field = "payout_id"
    message = "这笔到账不是这笔提现，或者提现已经到账，请重新打开这一页"


class BankLineDecided(Conflict):
    """Somebody has decided about it meanwhile."""

    message = "这笔到账已经处理过，请看它现在的状态"


class LineSumDiffers(Invalid):
    """An order is paid with its exact sum."""

    message = "这笔到账 %(got)s 元，缴费单应缴 %(expected)s 元，对不上"
    field = "order_id"


class LineOrderUnknown(Invalid):
    """No open order of the same payee."""

    message = "没有这张待缴的缴费单，或者它不是付给这个组织的"
    field = "order_id"


class LineOrderOwn(Conflict):
    """Nobody confirms the money of the own household."""

    message = "这是自己家的缴费单，请另一位出纳确认"


class SentBackNumberMissing(Invalid):
    """The bank's number of the transfer back."""

    message = "请填写银行退款回单的编号，最多 40 个字"
    field = "sent_back_no"


class SecondNeeded(Conflict):
    """Who decided that money goes back does not alone confirm that so much of it went."""

    message = "超过 %(limit)s 元，要由另一位出纳确认已经退回"


class RefundedAlready(Conflict):
    """A part of the order's money went back: it can no longer be taken from the order as a whole."""

    message = "这张缴费单已经退过款，不能再改到别处"
