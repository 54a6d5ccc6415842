"""What can be refused."""

from core.errors import Conflict, Invalid, NotFound


class ProjectNotFound(NotFound):
    """No such project."""

    message = "没有找到这个项目"


class ProjectEnded(Conflict):
    """Nothing is added to a project that has ended."""

    message = "这个项目已经结束，不能再添加进展"


class ReportEmpty(Invalid):
    """A report says something."""

    message = "请写下进展，最多 2000 个字"
    field = "text"
