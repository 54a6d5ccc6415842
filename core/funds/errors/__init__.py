"""What funds can refuse."""

from core.errors import Conflict, Invalid, NotFound, TooMany


class FundNotFound(NotFound):
    """No such fund, or not one in whose work this person takes part."""

    message = "没有找到这支基金"


class GiftNotFound(NotFound):
    """No such gift, or not for this person to see; a wrong code says the same."""

    message = "没有找到这笔捐赠，请核对回执上的查询码"


class RequestNotFound(NotFound):
    """No such request for money, or not for this person to see."""

    message = "没有找到这项用款申请"


class NoKeeperOfFunds(Invalid):
    """A fund is kept by a legal person that may hold the money: a foundation, or a community's committee."""

    message = "只有基金会、村(居)委会或自治委员会可以设立基金"
    field = "organization_id"


class NameWithoutFoundation(Invalid):
    """A fund is no legal person; its full name says whose it is."""

    message = "基金的全称要以“%(foundation)s”开头"
    field = "name"


class FundNameTaken(Conflict):
    """There is such a fund already."""

    message = "已经有一支叫这个名字的基金"


class FundNotOpenForGifts(Conflict):
    """It is not open yet, or takes no more gifts."""

    message = "这支基金现在不接受捐赠"


class FundNotOpenForRequests(Conflict):
    """It is not open yet, or closed."""

    message = "这支基金现在不接受用款申请"


class FundNotEmpty(Conflict):
    """Every fen has to be used before a fund ends."""

    message = "基金里还有 %(left)s 元没有用完，不能结束"


class RequestsUnderWay(Conflict):
    """A request is not at its end."""

    message = "还有 %(n)s 项用款没有办完，基金不能结束"


class PurposeUnknown(Invalid):
    """Not one of this fund's purposes."""

    message = "请选择这支基金的一个用途"
    field = "purpose_id"


class GiftDayInFuture(Invalid):
    """Money that has not come cannot be recorded."""

    message = "收到的日期不能晚于今天"
    field = "received_on"


class DonorNameMissing(Invalid):
    """Who is shown under a name has one; who is anonymous may have none."""

    message = "不匿名的捐赠要写捐赠人姓名"
    field = "donor_name"


class NicknameMissing(Invalid):
    """Shown under a nickname that is not there."""

    message = "请写要公示的昵称"
    field = "nickname"


class DonorUnknown(Invalid):
    """A phone is only given to find the donor's account."""

    message = "没有这个手机号和姓名的居民；没有账号的捐赠人请不要填手机号"
    field = "donor_phone"


class ReceiptUsed(Conflict):
    """Another gift to this foundation carries this number."""

    message = "收据号 %(receipt_no)s 已经用过，这笔捐赠可能已经登记"


class SlipMissing(Invalid):
    """A second person looks at the slip of a large gift."""

    message = "超过 %(limit)s 元的捐赠，请附上收据或到账凭证，由另一位确认"
    field = "file"


class OwnGift(Conflict):
    """Who recorded a large gift does not confirm it."""

    message = "自己登记的捐赠要由另一位确认"


class TooManyLines(Invalid):
    """More than a request may have."""

    message = "用款明细最多 %(most)s 行"
    field = "lines"


class LineMalformed(Invalid):
    """A line of the budget without an amount at its end."""

    message = "第 %(number)s 行要写成“做什么 金额”，例如：绘本 300 本 6200.00"
    field = "lines"


class AskedTooMuch(Conflict):
    """More than may be used for the purpose now."""

    message = "这个用途现在只有 %(available)s 元可用"


class NotYourOrganization(Invalid):
    """Somebody asks for an organization that he does not manage."""

    message = "请选择您负责的组织"
    field = "organization_id"


class ProjectUnknown(Invalid):
    """Not a running project of the organization that asks."""

    message = "请选择申请组织自己的、还在进行的项目"
    field = "project_id"


class ChecksMissing(Invalid):
    """Compliance means that each point was looked at."""

    message = "四项都核对过才能通过；有一项不符合，请退回并写明理由"


class OwnRequest(Conflict):
    """Nobody checks or pays what the own organization asked for."""

    message = "自己提出的用款要由别人审核和付款"


class OwnPayment(Conflict):
    """Two persons pay."""

    message = "付款要两个人：自己制单的要由另一位复核"


class ReasonMissing(Invalid):
    """Somebody waits for the money and has to know why not."""

    message = "请写明理由"
    field = "reason"


class PaymentNumberUsed(Conflict):
    """Another payment of the foundation carries this number."""

    message = "付款凭证号 %(payment_no)s 已经用过"


class GiftAmountWrong(Invalid):
    """Nothing, or more than there can be."""

    message = "请写捐多少元，例如 10.00"
    field = "amount"


class TooManyPromises(TooMany):
    """From one address, by people who are not logged in."""

    message = "这里捐得太频繁了，请 %(minutes)s 分钟后再试，或者登录后再捐"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(minutes=-(-retry_after_s // 60))
        self.retry_after_s = retry_after_s


class GivenOnline(Conflict):
    """It goes back the way it came."""

    message = "这笔捐赠是在线付的，请在“在线收款”里原路退回"


class GiftNotCounted(Conflict):
    """Only what is in the books can go back."""

    message = "这笔捐赠没有入账，不用退还"


class GiftUsedUp(Conflict):
    """Nothing of it is left that could go back."""

    message = "这笔捐赠已经全部用掉或留存，没有可以退还的钱"


class RefundTooMuch(Conflict):
    """Something was set aside since the refund was prepared."""

    message = "这笔捐赠现在只有 %(left)s 元没有用，请取消后重新登记退还"


class RefundedAlready(Conflict):
    """A gift goes back once."""

    message = "这笔捐赠已经登记了退还"


class RefundNotFound(NotFound):
    """Nobody prepared one for this gift."""

    message = "这笔捐赠没有登记退还"


class FundNotClosing(Conflict):
    """What is left is dealt with when no more gifts come."""

    message = "基金开始收尾以后才能安排余款"


class NothingLeft(Conflict):
    """An empty fund ends without a vote."""

    message = "基金里没有余款，可以直接结束"


class LeftoverElsewhere(Invalid):
    """Leftovers go to another open fund of the same foundation."""

    message = "余款要转入同一个基金会的另一支开放的基金"
    field = "target"


class LeftoverProposed(Conflict):
    """One proposal at a time."""

    message = "这支基金的余款已经有了安排"


class LeftoverNotFound(NotFound):
    """No such proposal, or not for this person to see."""

    message = "没有找到这项余款安排"


class OwnProposal(Conflict):
    """Two persons: who proposed it does not carry it out."""

    message = "自己提出的余款安排要由另一位转出"


class ChangeNotFound(NotFound):
    """No such change of a purpose."""

    message = "没有找到这项用途改变"


class SamePurpose(Invalid):
    """From a purpose to itself."""

    message = "请选择另一个用途"
    field = "to_purpose_id"


class NothingBound(Conflict):
    """Nothing is bound to the purpose and not used."""

    message = "这个用途下没有未用的捐赠，不用改变"


class ChangeUnderWay(Conflict):
    """The donors of one purpose are asked one thing at a time."""

    message = "这个用途正在问捐赠人，等有了结果再提"


class AnswersOver(Conflict):
    """The days of asking are over."""

    message = "回答的期限已经过了"


class ChangeNotOver(Conflict):
    """Donors can still answer."""

    message = "捐赠人可以回答到 %(day)s，之后才能改变用途"


class NotAsked(Conflict):
    """None of the person's gifts is concerned."""

    message = "这项用途改变和您的捐赠无关"


class AgreementNotFound(NotFound):
    """No such agreement, or not for this person to see."""

    message = "没有找到这份协议"


class AgreementMissing(Conflict):
    """A fund is founded by an agreement between its foundation and whoever founds it."""

    message = "先签好设立协议，基金才能开放"


class FundEnded(Conflict):
    """Nothing is agreed about it any more."""

    message = "这支基金已经结束"


class AgreementDrafted(Conflict):
    """Two drafts would leave open which one is to be signed."""

    message = "已经有一份草拟的协议，请先签订或作废"


class OwnAgreement(Conflict):
    """Who wrote it down does not confirm it."""

    message = "协议是您草拟的，请另一位核对签订"


class FeeTooHigh(Invalid):
    """More than the rules allow a foundation to take."""

    message = "管理费最多 %(most)s%%"
    field = "fee_percent"


class AgreementEndsEarly(Invalid):
    """It would be over before it has begun."""

    message = "终止日期要在开始日期之后"
    field = "until_on"


class SignedTooEarly(Invalid):
    """It is signed when it is: not in the future."""

    message = "签订日期不能在今天之后"
    field = "signed_on"


class AwareMissing(Invalid):
    """Who is paid is close to those who give or decide: who goes on says why."""

    message = "收款方有关联提醒，继续办理要写明为什么"
    field = "aware"


class ConcernedYourself(Conflict):
    """Nobody goes on with a payment to somebody close."""

    message = "您和收款方有关联，请由别人办理"


class WarningNotFound(NotFound):
    """No such warning about the request."""

    message = "没有找到这条关联提醒"
