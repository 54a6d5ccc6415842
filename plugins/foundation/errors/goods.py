"""What goods can be refused for."""

from core.errors import Conflict, Invalid, NotFound


class GoodsNotFound(NotFound):
    """No such goods, or none of the visitor's business."""

    message = "没有找到这批物资"


class MoveNotFound(NotFound):
    """No such line of these goods."""

    message = "没有找到这次发放或核销"


class QuantityOutOfRange(Invalid):
    """Nothing, or more than anybody gives."""

    message = "数量要写 1 到 1000000 的整数"
    field = "quantity"


class GoodsValueOutOfRange(Invalid):
    """More than anybody gives, or nothing where a paper says what it is worth."""

    message = "价值写 0.01 到 10 亿元，最多两位小数"
    field = "value"


class ValueUnfounded(Invalid):
    """A value that nothing founds is not written down."""

    message = "写了价值，就要选按什么估价；不知道价值的，价值留空"
    field = "valued"


class ExpiryMissing(Invalid):
    """慈善法 36: what can spoil is given with the day until which it is good."""

    message = "食品和药品要写保质期"
    field = "expires_on"


class AlreadyExpired(Invalid):
    """慈善法 36: what is given must be usable and safe."""

    message = "保质期已经过了，不能接收"
    field = "expires_on"


class ConditionMissing(Invalid):
    """Usable and safe: somebody has looked."""

    message = "请写成色，例如：全新，有合格证"
    field = "condition"


class GoodsDonorMissing(Invalid):
    """An anonymous donor is named to the foundation alone, or not at all."""

    message = "请写捐赠人，或者选匿名"
    field = "donor_name"


class GoodsDayInFuture(Invalid):
    """A day that has not come."""

    message = "日期不能晚于今天"
    field = "day"


class GoodsDayTooEarly(Invalid):
    """Nothing leaves before it came."""

    message = "日期不能早于收到的那天"
    field = "day"


class SlipUsed(Conflict):
    """One slip for each receipt, and for each handing out."""

    message = "单据号 %(slip_no)s 已经登记过，内容不一样"


class ReceiverMissing(Invalid):
    """Goods go to somebody."""

    message = "请写发给谁"
    field = "receiver_name"


class ReceiverUnknown(Invalid):
    """No organization has that number."""

    message = "没有这个组织，请填它在益集的编号"
    field = "receiver_id"


class RequestUnknown(Invalid):
    """Only a request to this foundation."""

    message = "没有这个用款申请，请填本基金会的申请编号"
    field = "request_id"


class PurposeMissing(Invalid):
    """What for, or why it is written off."""

    message = "请写用途或原因"
    field = "why"


class TooFewLeft(Conflict):
    """More than there is."""

    message = "只剩 %(left)s %(unit)s，不够"


class GoodsExpired(Conflict):
    """What has expired is written off, not handed out."""

    message = "已经过了保质期，不能发放，只能核销"


class GoodsHandedOut(Conflict):
    """What has left is reversed first, the latest first."""

    message = "已经发放或核销过，请先逐笔冲正"


class OwnGoods(Conflict):
    """Two persons."""

    message = "自己登记的要由另一位确认"


class GoodsFundElsewhere(Invalid):
    """A fund of another foundation."""

    message = "没有这支微基金，请选本基金会的"
    field = "fund_id"


class GoodsCampaignElsewhere(Invalid):
    """A campaign of another foundation."""

    message = "没有这个募捐活动，请填本基金会的"
    field = "campaign_id"
