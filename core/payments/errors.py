"""What payments can refuse."""

from core.errors import Conflict, Invalid, NotFound, YijiError


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


class PayingOnline(Conflict):
    """Somebody may be paying at the provider's: it is asked first, and then decided."""

    message = "正在向在线收银台核对这张缴费单，请过一分钟再试"


class PayingElsewhere(Conflict):
    """Another provider may still take money for the order."""

    message = "已经在用另一种方式付款，请先点“换一种方式付”"


class OnlineNotOffered(Conflict):
    """The payee takes no money online, or the order asks for none."""

    message = "这张缴费单现在不能在线缴费，请到柜台办理"


class MerchantNotFound(NotFound):
    """The organization has no account at that provider, or it is not for this person to see."""

    message = "没有找到这个收款账户"


class MerchantBusy(Conflict):
    """Payments are under way that only this account's key can ask about."""

    message = "还有 %(count)s 笔在线付款没有结果，请等它们结束再停用"


class CredentialMissing(Invalid):
    """The provider opens no account without it."""

    message = "请填写这一项"


class CredentialMalformed(Invalid):
    """It does not look like what the provider gives out; the words are its field's own."""

    def __init__(self, refusal: str) -> None:
        self.message = refusal  # type: ignore[misc]
        super().__init__()


class CredentialsRefused(Invalid):
    """Some of what should open an account at a provider is missing, or not of its form."""

    message = "请看下面标出的地方"

    def __init__(self, by_field: dict[str, YijiError]) -> None:
        super().__init__()
        self._by_field = by_field

    def reasons(self) -> dict[str, YijiError]:
        """Field name -> its own refusal."""
        return self._by_field


class DeploymentKeyTaken(Conflict):
    """The deployment's key serves one payee: no money of several is pooled."""

    message = "本站的密钥已经用于另一个组织；每个组织的钱只进自己的账户"


class EndpointClosed(NotFound):
    """No such merchant account, or it has no secret to verify notifications with."""

    message = "没有这个通知地址"


class NotificationRefused(Invalid):
    """Not signed by who holds the secret, too old, or from the future."""

    message = "通知的签名无效"


class AmountDiffers(Invalid):
    """What was counted at the counter is not what is owed."""

    message = "应收 %(expected)s 元，请点清再填"
    field = "amount"


class RefundNotFound(NotFound):
    """No such refund, or not for this person to see."""

    message = "没有找到这笔退款"


class NothingToRefund(Conflict):
    """Nothing was paid there, or all of it has gone back."""

    message = "这里没有可以退的钱"


class OwnRefund(Conflict):
    """Nobody sends money back to the own household."""

    message = "不能给自己家退款，请另一位出纳办理"


class RefundChanged(Conflict):
    """Money went back, or was promised, since the treasurer looked."""

    message = "刚才已经有一笔退款，现在可退 %(left)s 元，请看清再退"


class RefundTooMuch(Invalid):
    """More than there is, or nothing."""

    message = "最多可退 %(left)s 元"
    field = "amount"


class RefundReasonMissing(Invalid):
    """Empty, or longer than a line."""

    message = "请写明退款原因，最多 200 个字"
    field = "reason"


class RefundNotDue(Conflict):
    """It is not agreed to yet, went back already, or goes through the provider."""

    message = "这笔退款现在不用付现金"


class LineNotFound(NotFound):
    """No such line of a settlement, or not for this person to see."""

    message = "没有找到这一行"


class TransferNotOffered(Conflict):
    """The payee has no confirmed account at a bank, or the order asks for nothing."""

    message = "收款方还没有登记银行账户，请到柜台办理"


class TransferUnderWay(Conflict):
    """The payer has said to transfer the money: the order waits for it."""

    message = "您选了银行转账，这张缴费单在等款项到账；不转了，请先在缴费单上取消转账"


class StatementNotFound(NotFound):
    """No such statement, or not for this person to see."""

    message = "没有找到这份银行流水"


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
