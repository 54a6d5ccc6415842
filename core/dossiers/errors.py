"""What can be refused."""

from core.errors import NotFound


class NothingOnRecord(NotFound):
    """No such thing, or of a kind about which nobody has records."""

    message = "没有 %(subject)s 的记录"
