"""What can be refused."""

from core.errors import Conflict, Forbidden, Invalid, NotFound


class HouseholdNotFound(Invalid):
    """No open household has this number."""

    message = "没有找到这个户号，请向户主核对"
    field = "household_id"


class OtherHousehold(Invalid):
    """A household is merged into another one."""

    message = "请填写另一户的户号"
    field = "household_id"


class InvitationOver(Invalid):
    """Unknown, used or too old: the answer never says which."""

    message = "这个邀请码不对，或者已经用过、过期"
    field = "code"


class PlaceUnknown(Invalid):
    """Households live in communities and estates."""

    message = "请选择一个社区或小区"
    field = "region_id"


class NotHead(Forbidden):
    """Only the head speaks for the household."""

    message = "这件事要由户主办理"


class HeadMustHandOver(Conflict):
    """A household with members has a head."""

    message = "您是户主，请先把户主交给另一位成员，再离开"


class NotMember(Invalid):
    """The person is not in this household."""

    message = "请选择本户的成员"
    field = "person_id"


class HeadLeaves(Invalid):
    """Who asks for a split stays; the others found the new household."""

    message = "户主不能分出去；请选择分出去的其他成员"
    field = "members"


class RequestNotFound(NotFound):
    """No such request that this person could answer."""

    message = "没有找到这项申请"


class RequestOver(Conflict):
    """It was answered or taken back, or the facts it rests on have changed."""

    message = "这项申请已经有结果，或者情况变了，请刷新再看"


class AskedAlready(Conflict):
    """One request at a time."""

    message = "已经有一项申请在等答复，请等结果或先撤回"


class HouseholdFull(Conflict):
    """The rule bounds how many live in a household."""

    message = "一户最多 %(most)s 人"


class SameRegion(Invalid):
    """A move leads elsewhere."""

    message = "本户已经在这里"
    field = "region_id"


class NotMinor(Invalid):
    """Who is 18 registers alone."""

    message = "这里只登记未满 18 岁的孩子，请核对出生日期"
    field = "born_on"


class GuardianTooYoung(Conflict):
    """A minor is nobody's guardian."""

    message = "监护人要满 18 岁"


class ChildHasAccount(Conflict):
    """The record has an owner who signs in."""

    message = "孩子已经有自己的账号了"


class AccountInUse(Conflict):
    """Two records of one person cannot become one where both have a history."""

    message = "这个账号已经办过事（%(what)s），不能再接上孩子的记录，请用刚注册的账号"


class HeadTooYoung(Invalid):
    """A minor speaks for no household."""

    message = "户主要满 18 岁"
    field = "person_id"
