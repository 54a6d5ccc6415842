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


class OrderHeld(Conflict):
    """Much money was taken for it at the counter, and a second person has not yet said so too."""

    message = "柜台已经收到这张缴费单的钱，正在等另一位确认，请不要再付"


class TakingNotFound(NotFound):
    """No such money taken at a counter, or not for this person to see."""

    message = "没有找到这笔柜台收款"


class ChannelUnknown(Invalid):
    """Not a way in which money comes to a counter."""

    message = "请选择收款方式"
    field = "channel"


class EvidenceMissing(Invalid):
    """Who takes much money keeps what proves it: the second person looks at it."""

    message = "超过 %(limit)s 元，请附上凭证（收据、刷卡单或回单的照片或 PDF），由另一位确认"
    field = "file"


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


class ChangeWaiting(Conflict):
    """A second person has still to decide about another change of the same account."""

    message = "这个收款账户已经有一项变更在等另一位同意，请等它有了结果，或者先撤回"


class NoSecondPerson(Conflict):
    """Two persons change an account where money is taken, and there is only one."""

    message = (
        "改动收款账户要两个人：这里只有您一位负责人，本地区也没有地区工作人员。"
        "请先在“角色”页任命另一位负责人，再来提出"
    )


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


class ReconciledJustNow(Conflict):
    """The provider was asked less than a minute ago: its answer is on its way, or here."""

    message = "刚才已经请收款平台对账，结果一般一分钟之内就有；请过一分钟再看"


class LineNotFound(NotFound):
    """No such line of a settlement, or not for this person to see."""

    message = "没有找到这一行"
