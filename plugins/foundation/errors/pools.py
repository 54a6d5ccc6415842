"""What matching pools can refuse."""

from core.errors import Conflict, Invalid, NotFound


class PoolNotFound(NotFound):
    """No such pool, or not yet public."""

    message = "没有找到这个配捐池"


class SponsorUnknown(Invalid):
    """A phone is only given to find the sponsor's account."""

    message = "没有这个手机号和姓名的居民；没有账号的出资方请不要填手机号"
    field = "sponsor_phone"


class RatioMalformed(Invalid):
    """Not a ratio of two small numbers."""

    message = "比例写成 1:2 这样：每捐 2 元，配 1 元"
    field = "ratio"


class PeriodReversed(Invalid):
    """It would end before it begins."""

    message = "结束日期不能早于开始日期"
    field = "ends_on"


class PeriodOver(Invalid):
    """Nothing could be matched any more."""

    message = "结束日期已经过了"
    field = "ends_on"


class FundsMissing(Invalid):
    """A pool without funds, or with one that is not an open fund of its foundation."""

    message = "请选择本基金会开放中的基金"
    field = "funds"


class RestFundMissing(Invalid):
    """Agreed was that the rest goes to a fund, but to which?"""

    message = "请选择余款转入的基金"
    field = "rest_fund"


class SponsorMissing(Invalid):
    """Money has a giver."""

    message = "请写出资方的名称"
    field = "sponsor_name"


class CapAboveWhole(Invalid):
    """A cap that can never bind."""

    message = "不能超过整个配捐池的 %(whole)s 元"


class MoneyBeyondPool(Invalid):
    """More than was agreed."""

    message = "配捐池约定一共 %(whole)s 元，已登记 %(known)s 元，这笔超出了"
    field = "amount"


class PoolIsOver(Conflict):
    """Its period is over, or it was ended."""

    message = "这个配捐池已经结束"


class PoolEmpty(Conflict):
    """Nothing could be matched."""

    message = "配捐池里还没有钱，先登记到账"


class OwnPool(Conflict):
    """A second person looks at what the first has set up."""

    message = "这个配捐池是您建的，要由另一位来开放"


class OwnMoney(Conflict):
    """A second person looks at the money."""

    message = "这笔到账是您登记的，要由另一位来确认"


class OwnRest(Conflict):
    """A second person sends the rest."""

    message = "这笔余款是您制单的，要由另一位来付"


class SlipUsed(Conflict):
    """A receipt number is there once at a foundation."""

    message = "凭证号 %(receipt_no)s 已经登记过了"


class MoneyWaits(Conflict):
    """Somebody has to look at it first."""

    message = "还有一笔到账等着确认"


class NoRest(Conflict):
    """Nothing is left to be returned."""

    message = "配捐池里没有余款"


class MoneyNotFound(NotFound):
    """No such payment into the pool."""

    message = "没有找到这笔到账"
