"""The errors of the product, drawn once. None of them knows HTTP; `web/errors.py` translates.

    YijiError
    ├── NotFound      it is not there, or not for you to know that it is
    ├── Forbidden     you may not
    ├── Conflict      you may, but not now: the state of things is against it
    │   └── TooMany   too often or too many at once; says when to try again
    └── Invalid       what was sent cannot be understood or accepted; may name the field

An area subclasses these with facts as names (`PlotAlreadyLeased`) and a `message` in Chinese that is
also the key of the English translation. Keyword arguments fill the message's `%(name)s` places.
"""

import traceback
from typing import ClassVar


class Message(str):
    """A message among the parameters of another one: translated with it."""


class YijiError(Exception):
    """A refusal that a user may read."""

    message: ClassVar[str]
    # What the verb wrote before it was refused stays, and was committed.
    leaves_a_mark: ClassVar[bool] = False

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message % params)


class NotFound(YijiError):
    """It does not exist, or the asker must not learn that it does."""

    message = "没有找到您要的内容"


class Forbidden(YijiError):
    """The person may not do this, whatever the state."""

    message = "您没有权限做这件事"


class Conflict(YijiError):
    """The state of things is against it; the same request may succeed at another time."""

    message = "现在不能这样做"


class TooMany(Conflict):
    """Too often, or too many at once: the same request may succeed after `retry_after_s` seconds."""

    message = "请求太多，请过一会儿再试"
    retry_after_s: int = 10


class Invalid(YijiError):
    """The input is not acceptable. `field` names the input it belongs to, where there is one."""

    message = "填写的内容有误"
    field: ClassVar[str | None] = None

    def reasons(self) -> dict[str, "YijiError"]:
        """Field name -> what is wrong with it; "" stands for the form as a whole."""
        return {self.field or "": self}


class PluginRefused(Exception):
    """For the operator: a plugin breaks the contract, so the product does not start with it."""


def describe(error: Exception) -> str:
    """Where and what, for logs and job rows, without the message: that may hold personal data."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    name = type(error).__name__
    if sqlstate := getattr(error, "sqlstate", None):
        name += f" ({sqlstate})"
    return f"{name} in {frame.name}, {frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"
