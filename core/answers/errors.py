"""What stands against a request that comes with a key."""

from core.errors import Conflict, Invalid


class KeyMalformed(Invalid):
    """The key of a request is empty, too long, or of other characters."""

    message = "Idempotency-Key 是 1 到 100 个可见的 ASCII 字符"
    field = "idempotency-key"


class KeyUsedDifferently(Invalid):
    """The key came with another request before."""

    message = "这个 Idempotency-Key 已经用于另一个请求，请换一个"
    field = "idempotency-key"


class RequestUnderWay(Conflict):
    """The first request with this key has not been answered yet."""

    message = "同样的请求正在处理，请稍后再试"
