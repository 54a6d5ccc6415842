"""What people can be refused."""

from core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany


class LoginRefused(Invalid):
    """Wrong phone or wrong password: the answer never says which, nor whether the phone is known."""

    message = "手机号或密码不对"
    field = "password"


class LoginLocked(TooMany):
    """Too many wrong passwords for this phone, known or not, or from this address."""

    message = "输错次数太多，请在 %(minutes)s 分钟后再试"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(minutes=-(-retry_after_s // 60))
        self.retry_after_s = retry_after_s


class TooManyLogins(TooMany):
    """More people sign in at this moment than the machine can check."""

    message = "现在登录的人太多，请过一会儿再试"


class OldPasswordWrong(Invalid):
    """Who changes a password must know the present one."""

    message = "现在的密码不对"
    field = "old_password"


class SessionNotFound(NotFound):
    """No such open session of this person."""

    message = "这个登录已经退出"


class PermissionMissing(Forbidden):
    """No role of the person carries the permission in this scope."""

    message = "您在这里没有办理这件事的权限"


class PersonNotFound(Invalid):
    """Nobody is registered with this phone under this name: the answer never says which is wrong."""

    message = "没有找到这个手机号和姓名的居民，请核对"
    field = "phone"


class RoleUnknown(Invalid):
    """No enabled plugin declares such a role for such a place."""

    message = "这里没有这个角色"
    field = "role"


class RoleHeldAlready(Conflict):
    """The person holds the role here until another day."""

    message = "这位居民已经是这里的这个角色；要改期限，请先收回再授予"


class EndInThePast(Invalid):
    """A role cannot end before it begins."""

    message = "期限不能早于今天"
    field = "ends_on"


class ReasonMissing(Invalid):
    """Taking a role away needs a reason."""

    message = "请写明原因，最多 200 个字"
    field = "reason"


class OwnRole(Conflict):
    """Nobody grants to, or takes from, himself."""

    message = "不能给自己授权，也不能收回自己的角色，请另一位管理员办理"


class GrantNotFound(NotFound):
    """No such grant, or not for this person to see."""

    message = "没有找到这项授权"


class LastAdministrator(Conflict):
    """Somebody must stay who can grant roles."""

    message = "这是最后一位长期的平台管理员，请先授权另一位"


class HouseholdMissing(Conflict):
    """The person belongs to no household yet."""

    message = "您还没有加入家庭户，请先到社区登记"


class InAnotherHousehold(Conflict):
    """A person is in at most one household at a time."""

    message = "这位居民已经在另一户"


class PhoneTaken(Conflict):
    """Another person has this phone number."""

    message = "这个手机号已经登记"


class RoleNeedsApproval(Conflict):
    """Nobody grants this role alone."""

    message = "这个角色经手钱款，要由另一位有权授予角色的人批准"


class IdentityNumberWrong(Invalid):
    """No card has this number: a digit is wrong. The number itself is in no message."""

    message = "身份证号不对，请对照身份证再填一遍"
    field = "identity_number"
