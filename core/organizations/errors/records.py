"""What can be refused of what is recorded about an organization."""

from core.errors import Conflict, Invalid, NotFound


class OwnOrganization(Conflict):
    """Staff who hold a role in it do not judge it."""

    message = "您在这个组织担任职务，请另一位工作人员办理"


class NotApproved(Conflict):
    """It is not registered yet."""

    message = "这个组织还没有登记"


class ValueUnknown(Invalid):
    """Not one of the values of this kind of record."""

    message = "请选择一项结果"
    field = "value"


class NotACharity(Invalid):
    """Only a recognised charity has a certificate for public fundraising."""

    message = "请先登记慈善组织认定，再登记公开募捐资格"
    field = "value"


class GivenByMissing(Invalid):
    """Which authority has found it."""

    message = "请填写作出认定的机关，2 到 60 个字"
    field = "given_by"


class DayInFuture(Invalid):
    """What is recorded has happened."""

    message = "日期不能在今天以后"
    field = "valid_from"


class EndWrong(Invalid):
    """The end lies before the beginning, or too far away, or is missing."""

    message = "请填写有效期至，晚于起始日期，最长 %(years)s 年"
    field = "valid_until"


class YearWrong(Invalid):
    """No year that could have been inspected."""

    message = "请填写检查的年度，例如 2025"
    field = "year"


class NumberMissing(Invalid):
    """A certificate has a number."""

    message = "请填写证书编号，最多 40 个字"
    field = "number"


class GradeUnknown(Invalid):
    """Not one of the grades."""

    message = "请选择一种限制"
    field = "grade"


class RestrictionNotFound(NotFound):
    """No such restriction of this organization."""

    message = "没有找到这条限制"


class RestrictionEndWrong(Invalid):
    """It ends after today, and within some years."""

    message = "请填写截止日期，晚于今天，最长 %(years)s 年"
    field = "until_on"


class RestrictionOver(Conflict):
    """Its end has come."""

    message = "这条限制已经到期"


class AppealMissing(Invalid):
    """Who appeals says why."""

    message = "请写明申诉理由，最多 500 个字"
    field = "appeal"


class OwnRestriction(Conflict):
    """Who imposed it does not decide the appeal."""

    message = "申诉要由另一位工作人员决定，不能是作出限制的人"


class OrganizationLimited(Conflict):
    """It may not begin anything new for now."""

    message = "%(name)s被限制申报新项目，到 %(until)s 为止：%(reason)s"


class OrganizationBarred(Conflict):
    """It may take part in nothing for now."""

    message = "%(name)s被禁止参加，到 %(until)s 为止：%(reason)s"
