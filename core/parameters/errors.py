"""What setting a parameter can refuse."""

from core.errors import Invalid, NotFound


class UnknownParameter(NotFound):
    """No enabled plugin declares it."""

    message = "没有这个规则参数"


class ParameterOutOfRange(Invalid):
    """Outside the limits of its declaration."""

    message = "这个规则参数应在 %(minimum)s 与 %(maximum)s 之间"
    field = "value"
