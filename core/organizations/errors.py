"""What can be refused."""

from core.errors import NotFound


class OrganizationNotFound(NotFound):
    """No such organization."""

    message = "没有找到这个组织"


class ScopeNotFound(NotFound):
    """Nothing that rules could be set for."""

    message = "没有找到这个规则适用的范围"
