"""What pledges can refuse."""

from core.errors import Conflict, Invalid, NotFound


class PledgeNotFound(NotFound):
    """No such pledge, or none of the visitor's business."""

    message = "没有找到这笔认捐"


class PartMalformed(Invalid):
    """A line that is no day and sum."""

    message = "第 %(number)s 行看不懂，写成 2026-12-31 500.00 这样，一期一行"
    field = "parts"


class TooManyParts(Invalid):
    """More instalments than a page shows."""

    message = "最多 %(most)s 期"
    field = "parts"


class PartInThePast(Invalid):
    """Nothing can be promised for yesterday."""

    message = "每一期的日期都不能早于认捐的日期"
    field = "parts"


class PledgeOver(Conflict):
    """It is kept or withdrawn."""

    message = "这笔认捐已经结束"


class NothingDue(Conflict):
    """All instalments have come."""

    message = "这笔认捐没有待付的一期"


class NoCampaignForPledge(Conflict):
    """Money is taken online in campaigns alone."""

    message = "这支基金现在没有可以在线付款的募捐活动，请用银行转账，并联系基金会"


class GiftNotOfPledge(Invalid):
    """A gift that is not there, has not counted, or was given to another fund or before."""

    message = "没有这样的捐赠：要是这支基金已入账的捐赠"
    field = "receipt_no"


class GiftLinked(Conflict):
    """A gift keeps one promise."""

    message = "这笔捐赠已经算在一笔认捐里了"


class PledgeBinds(Conflict):
    """慈善法 41: promised in public or in writing, it is to be kept."""

    message = (
        "公开承诺或签了协议的认捐应当履行；只有经济状况显著恶化、严重影响生产经营或家庭生活的，才可以不再履行"
    )
