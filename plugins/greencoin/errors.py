"""What 绿币 can refuse."""

from core.errors import Conflict, Forbidden, Invalid, NotFound


class SchemeNotFound(NotFound):
    """No such scheme, or none that this person has to do with."""

    message = "没有找到这个村的绿币"


class RuleNotFound(NotFound):
    """No such rule in this scheme."""

    message = "没有找到这条规则"


class ClaimNotFound(NotFound):
    """No such claim, or one that is not this person's business."""

    message = "没有找到这笔申报"


class ReviewNotFound(NotFound):
    """No such list, or one that is not public yet."""

    message = "没有找到这份评议名单"


class ItemNotFound(NotFound):
    """No such thing in the shop."""

    message = "没有找到这件商品"


class RedemptionNotFound(NotFound):
    """No such reservation, or another household's."""

    message = "没有找到这笔兑换"


class HouseholdElsewhere(Forbidden):
    """A scheme is for the households of its own village."""

    message = "%(scheme)s的绿币只给本村住户，您家登记在别处"


class OwnHousehold(Conflict):
    """Nobody decides about, or hands something to, the own household."""

    message = "这是您自己家的，请让另一位工作人员办理"


class RuleNotInForce(Conflict):
    """On the day on which it happened there was no such rule."""

    message = "这条规则在 %(day)s 不适用，请换一条规则或核对日期"


class RuleRunsBySystem(Conflict):
    """Hours of volunteers earn points by themselves."""

    message = "志愿服务的绿币由服务时长自动记入，不用申报"


class DayInFuture(Invalid):
    """What has not happened earns nothing."""

    message = "日期不能晚于今天"
    field = "happened_on"


class DayTooLongAgo(Invalid):
    """Nobody can check any more what was long ago."""

    message = "最多补报 %(days)s 天内的事，更早的已经无法核实"
    field = "happened_on"


class DayCapReached(Invalid):
    """The rule gives a household no more for that day."""

    message = "这条规则每户每天最多 %(cap)s 分，这一天已报 %(used)s 分，这次要 %(wanted)s 分"
    field = "quantity"


class MonthCapReached(Invalid):
    """The rule gives a household no more for that month."""

    message = "这条规则每户每月最多 %(cap)s 分，这个月已报 %(used)s 分，这次要 %(wanted)s 分"
    field = "quantity"


class HouseholdCapReached(Invalid):
    """All rules together give a household no more for that month."""

    message = "每户每月合计最多 %(cap)s 分，这个月已报 %(used)s 分，这次要 %(wanted)s 分"
    field = "quantity"


class WorthNothing(Invalid):
    """Less than a hundredth of a point."""

    message = "数量太少，不足 0.01 分"
    field = "quantity"


class PhotoMissing(Invalid):
    """The rule asks for a picture."""

    message = "这条规则要附一张照片"
    field = "photo"


class ReasonMissing(Invalid):
    """Who says no says why."""

    message = "请写明理由，最多 200 个字"
    field = "reason"


class NothingToReview(Conflict):
    """No claim is verified and waits for the reviewers."""

    message = "没有核实过、等待评议的申报"


class ReviewersNotOdd(Conflict):
    """An even number could be split; fewer than the rule's number could be anybody."""

    message = "评议员要是单数，至少 %(fewest)s 位；除您之外现在有 %(there)s 位"


class PointsMalformed(Invalid):
    """Not a number of points."""

    message = "只写数字，最多两位小数，例如 0.50"
    field = "points"


class CapsReversed(Invalid):
    """A month has at least a day."""

    message = "每月上限不能低于每天上限"
    field = "month_cap"


class RuleBeginsTooEarly(Invalid):
    """Rules do not change what has already happened."""

    message = "规则最早从今天起生效，修改的规则要晚于它上一次生效的日子"
    field = "effective_from"


class RuleNotBegun(Conflict):
    """What has not begun has no last day yet."""

    message = "这条规则 %(day)s 才生效，还不能停用"


class RuleExists(Conflict):
    """A scheme has one rule for the hours of volunteers, and one rule for one thing."""

    message = "已经有这样一条规则，请修改它"


class RuleEnded(Conflict):
    """It is replaced or ended: there is nothing to change any more."""

    message = "这条规则已经改过或停用，请刷新后再办"


class NotEnoughPoints(Conflict):
    """The household has fewer points that may still be used."""

    message = "要 %(cost)s 分，您家现在可用 %(have)s 分"


class DebtFirst(Conflict):
    """A wrong award was taken back after it was spent: that comes first."""

    message = "您家有 %(debt)s 分待抵扣，先由以后的奖励抵清，再来兑换"


class OutOfStock(Conflict):
    """The shop has fewer of it."""

    message = "%(item)s 只剩 %(left)s 件"


class ItemOffShelf(Conflict):
    """It is not given out any more."""

    message = "%(item)s 已经下架"


class CodeUnknown(Invalid):
    """No reservation of this shop waits under this code."""

    message = "没有等待领取的这个兑换码，请核对；可能已经领走、取消或过期"
    field = "code"


class ReservationOver(Conflict):
    """Its time is over."""

    message = "预留时间已过，绿币已经退回，请重新兑换"


class StockTooLow(Invalid):
    """More cannot be taken out than is there."""

    message = "货架上只有 %(left)s 件可以减"
    field = "change"


class StockUnchanged(Invalid):
    """Nothing came and nothing went."""

    message = "件数不能是 0"
    field = "change"


class NothingToReverse(Conflict):
    """All points of the award have expired by now."""

    message = "这笔奖励的绿币已经全部过期，不用更正"


class CreditRefused(Conflict):
    """The ledger still does not take these points."""

    message = "还是没能入账：%(reason)s"


class ClaimsUnderWay(Conflict):
    """Points or goods are still on their way to the household."""

    message = "您还有没办完的绿币申报或没取的东西，办完后才能注销账号"
