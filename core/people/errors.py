"""What people can be refused."""

from core.errors import Conflict, Forbidden, Invalid


class LoginRefused(Invalid):
    """Wrong phone or wrong password: the answer never says which, nor whether the phone is known."""

    message = "手机号或密码不对"
    field = "password"


class TooManyLogins(Conflict):
    """More people sign in at this moment than the machine can check."""

    message = "现在登录的人太多，请过一会儿再试"


class PermissionMissing(Forbidden):
    """No role of the person carries the permission in this scope."""

    message = "您在这里没有办理这件事的权限"


class HouseholdMissing(Conflict):
    """The person belongs to no household yet."""

    message = "您还没有加入家庭户，请先到社区登记"


class InAnotherHousehold(Conflict):
    """A person is in at most one household at a time."""

    message = "这位居民已经在另一户"


class PhoneTaken(Conflict):
    """Another person has this phone number."""

    message = "这个手机号已经登记"
