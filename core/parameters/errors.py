"""What setting a parameter can refuse."""

from core.errors import Conflict, Invalid, NotFound


class UnknownParameter(NotFound):
    """No enabled plugin declares it."""

    message = "没有这个规则参数"


class ParameterNotHere(NotFound):
    """Its declaration does not let scopes of this kind set it."""

    message = "这个规则参数不能在这里设定"


class ParameterOutOfRange(Invalid):
    """Outside the limits of its declaration."""

    message = "这个规则参数应在 %(minimum)s 与 %(maximum)s 之间"
    field = "value"


class ParameterMalformed(Invalid):
    """Not a number as this parameter's unit wants it."""

    message = "请填写数字"
    field = "value"


class EffectiveInThePast(Invalid):
    """What was done under the old value stays right: a new one begins today at the earliest."""

    message = "生效日期不能早于今天 %(today)s"
    field = "effective_on"


class EffectiveTooFar(Invalid):
    """Most likely a typing error in the year."""

    message = "生效日期不能晚于 %(latest)s"
    field = "effective_on"


class ParameterUnchanged(Invalid):
    """The same value would hold on that day anyway."""

    message = "与这一天本来的数值相同，没有变化"
    field = "value"


class NothingPlanned(Conflict):
    """No value of this scope is planned for that day, or the day has come."""

    message = "这一天没有可以撤回的计划"
