"""What can be refused."""

from core.errors import NotFound


class OrganizationNotFound(NotFound):
    """No such organization."""

    message = "没有找到这个组织"
