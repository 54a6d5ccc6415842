"""What can be refused of a registration; what is refused later stands beside it."""

from core.errors import Conflict, Invalid, NotFound


class OrganizationNotFound(NotFound):
    """No such organization, or not for this person to see yet."""

    message = "没有找到这个组织"


class ScopeNotFound(NotFound):
    """Nothing that rules could be set for."""

    message = "没有找到这个规则适用的范围"


class RegionUnknown(Invalid):
    """No such place, or it is no more."""

    message = "请选择所在地区"
    field = "region_id"


class NameMissing(Invalid):
    """A name is 2 to 60 characters that can be seen."""

    message = "请填写组织全称，2 到 60 个字，和登记证书一样"
    field = "name"


class CodeMissing(Invalid):
    """This kind of organization always has a code."""

    message = "请填写 18 位统一社会信用代码"
    field = "uscc"


class CodeMalformed(Invalid):
    """Wrong length, a character that does not occur, or the check digit does not fit."""

    message = "统一社会信用代码不对，请照证书再核对一遍"
    field = "uscc"


class CodeOfAnotherKind(Invalid):
    """The first two characters tell who registered it, and those are others for this kind."""

    message = "%(kind)s的代码以 %(prefixes)s 开头，请核对代码或组织类型"
    field = "uscc"


class CodeTaken(Invalid):
    """Another organization has this code, or is about to get it."""

    message = "这个统一社会信用代码已经登记过了"
    field = "uscc"


class TooManyUnderReview(Conflict):
    """So many registrations of one person wait already."""

    message = "您已有 %(most)s 个组织在等待审核，请等审核完再登记"


class ProposedAlready(Conflict):
    """The same person has handed in the same name, and it is not decided."""

    message = "您已经提交过这个组织的登记，请等审核"


class NotTheRegistrant(NotFound):
    """Only who registered it may change what was sent back."""

    message = "没有找到这个组织"


class OwnRegistration(Conflict):
    """Nobody reviews the own registration."""

    message = "不能审核自己登记的组织，请另一位工作人员办理"


class NameUnknown(Invalid):
    """No registered organization has this whole name or this code."""

    message = "没有找到这个组织，请写全称或 18 位统一社会信用代码"


class NameAmbiguous(Invalid):
    """Names are unique within a place only."""

    message = "有几个组织叫这个名字，请写 18 位统一社会信用代码"


class ReasonMissing(Invalid):
    """Who sends back or refuses says why."""

    message = "请写明原因，最多 200 个字"
    field = "reason"
