"""What agreements with donors can refuse."""

from core.errors import Conflict, Invalid, NotFound


class AgreementNotFound(NotFound):
    """No such agreement, or none of the visitor's business."""

    message = "没有找到这份捐赠协议"


class ValueOutOfRange(Invalid):
    """Nothing, or more than anybody gives."""

    message = "价值写 0.01 到 10 亿元，最多两位小数"
    field = "value"


class DeliveredInThePast(Invalid):
    """Nothing can be promised for yesterday."""

    message = "交付日期不能早于今天"
    field = "deliver_by"


class QuantityMissing(Invalid):
    """慈善法 39: the agreement names how much of what, and how good it is."""

    message = "捐赠物资的，要写数量，也要写质量"
    field = "quantity"


class RelatedUndeclared(Invalid):
    """慈善法 40: the donor has to say so."""

    message = "请捐赠人确认：指定的受益人不是自己的利害关系人"
    field = "is_unrelated"


class RelatedBeneficiary(Invalid):
    """慈善法 40: who is named holds an office of the donor's, or of the donor's household."""

    message = "捐赠人或其家人在受益组织任职，不能指定它受益 (慈善法第四十条)"
    field = "beneficiary_id"


class BeneficiaryUnknown(Invalid):
    """Only what the product knows can be checked."""

    message = "没有这个组织，请填它在益集的编号"
    field = "beneficiary_id"


class OwnAgreement(Conflict):
    """Two persons conclude an agreement for the foundation."""

    message = "自己起草的协议要由另一位核对签订"


class SignedTooEarly(Invalid):
    """A day that has not come."""

    message = "签订日期不能晚于今天"
    field = "signed_on"


class GiftNotOfAgreement(Invalid):
    """A gift that is not there, has not counted, or was given to another fund."""

    message = "没有这样的捐赠：要是这支基金已入账的捐赠"
    field = "receipt_no"


class PledgeOfOther(Invalid):
    """Another donor, another fund, withdrawn; or the agreement is about goods."""

    message = "要是这位捐赠人给这支基金的认捐，没有撤回，协议约定的是资金"
    field = "pledge_id"


class PledgeBound(Conflict):
    """A pledge belongs to one agreement."""

    message = "这笔认捐已经并入另一份协议"


class SettledReasonMissing(Invalid):
    """Not all has come."""

    message = "请写明为什么没有到齐也算履行完毕"
    field = "settled_reason"


class NothingCame(Conflict):
    """What has not been fulfilled at all ends."""

    message = "什么都没有到，不能算履行完毕；不再履行的，请终止协议"


class GiftOfOther(Conflict):
    """A gift fulfils one agreement."""

    message = "这笔捐赠已经算在一份协议里了"
