"""What campaigns and host names can refuse."""

from core.errors import Conflict, Invalid, NotFound


class CampaignNotFound(NotFound):
    """No such campaign, or not one that this person may see."""

    message = "没有找到这个募捐活动"


class FundOfAnother(Invalid):
    """A campaign is for funds of its own foundation that take gifts."""

    message = "请选择这家基金会的一支开放的微基金"
    field = "fund_id"


class DatesWrong(Invalid):
    """It ends before it begins, or lasts too long."""

    message = "结束日期要在开始日期之后，活动最长 %(years)s 年"
    field = "ends_on"


class PlanIncomplete(Invalid):
    """The law lists what a plan says (慈善法 §24)."""

    message = "募捐方案的每一项都要写"


class LinkMissing(Invalid):
    """Donors are sent to the platform, so its page has to be known."""

    message = "请填写指定平台上这个活动的网址，以 https:// 开头"
    field = "platform_url"


class OwnPlan(Conflict):
    """Who has written a plan does not review it."""

    message = "自己写的募捐方案要由另一位审核"


class FilingMissing(Conflict):
    """Raising money in public needs a filed plan (慈善法 §24)."""

    message = "这个活动还没有募捐方案备案编号"


class FiledInFuture(Invalid):
    """It cannot have been filed tomorrow."""

    message = "备案日期不能晚于今天"
    field = "filed_on"


class FiledTooLate(Conflict):
    """Filed less than the days before the begin that the rules ask for."""

    message = "募捐方案要在开始前 %(days)s 天备案，最早 %(day)s 可以开始"


class FiledTooLateAfter(Conflict):
    """In an emergency it is filed after the begin, but in time (慈善法 §73)."""

    message = "应急募捐要在开始后 %(days)s 天内备案，期限是 %(day)s"


class CertificateMissing(Conflict):
    """Only certified charities raise money in public (慈善法 §22)."""

    message = "这家基金会没有公开募捐资格"


class CertificateExpired(Conflict):
    """Its time is over."""

    message = "这家基金会的公开募捐资格到 %(day)s 为止，已经过期"


class NoMoneyHere(Conflict):
    """The mode has money come another way."""

    message = "这个活动不在本站收款"


class NotRunning(Conflict):
    """It is not published yet."""

    message = "这个活动还没有发布"


class NotBegun(Conflict):
    """Its first day is to come."""

    message = "这个活动 %(day)s 才开始"


class CampaignOver(Conflict):
    """Its last day is over."""

    message = "这个活动已经结束，不再接受捐赠"


class HostShared(Conflict):
    """A site of several foundations would be a platform, and needs the ministry's designation (§27, §114)."""

    message = "这个网址由几家基金会共用，按慈善法第二十七条不能在这里公开募捐"


class HostOfAnother(Conflict):
    """What is raised at a charity's own address is raised for that charity."""

    message = "这个网址属于另一家慈善组织，不能在这里给这家基金会捐款"


class NoAccountOnline(Conflict):
    """The foundation has no account at a provider."""

    message = "这家基金会还不能在线收款，请联系基金会捐现金或转账"


class SignInToGive(Conflict):
    """It is not for everybody, so one has to know who gives."""

    message = "这个活动不面向公众，请先登录"


class NotInvited(Conflict):
    """Directed: founders, board and members only (慈善法 §29)."""

    message = "定向募捐只面向发起人、理事会成员和会员，您不在名单里"


class NotOfCommunity(Conflict):
    """Mutual aid stays within its community (慈善法 §122)."""

    message = "社区互助只面向%(place)s的住户"


class TooMuchAtOnce(Invalid):
    """More than a neighbour gives at once."""

    message = "社区互助一次最多 %(most)s 元"
    field = "amount"


class TooMuchAltogether(Invalid):
    """More than a neighbour gives in one campaign."""

    message = "社区互助每人最多 %(most)s 元，您还可以捐 %(left)s 元"
    field = "amount"


class AlreadyInvited(Conflict):
    """On the list already."""

    message = "这位已经在名单里"


class ReportMissing(Invalid):
    """What came of it has to be said."""

    message = "请写明募得款物和使用情况"
    field = "text"


class HostMalformed(Invalid):
    """Not the name of a host."""

    message = "网址写成 juan.example.org 这样，不带 https:// 和斜杠"
    field = "name"


class HostTaken(Conflict):
    """It belongs to a charity alone."""

    message = "这个网址已经登记给一家慈善组织"


class HostShownToAll(Invalid):
    """The address of the whole deployment is everybody's."""

    message = "这是所有组织共用的网址，不能只属于一家"
    field = "name"


class HostNotFound(NotFound):
    """No such name, or not for this person to decide."""

    message = "没有找到这个网址的登记"


class OwnHost(Conflict):
    """Two persons: who asked for it does not confirm it, nor who holds office there."""

    message = "网址要由登记人以外、不在这家组织任职的人核对"
