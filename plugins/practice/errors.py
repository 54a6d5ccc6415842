"""What the practice cashier can refuse."""

from core.errors import Conflict, NotFound


class CashierClosed(Conflict):
    """The stand-in does not run, or does not answer."""

    message = "练习收银台没有开，请用 yiji up 启动演示"


class CashierSessionNotFound(NotFound):
    """The stand-in knows no such session."""

    message = "没有找到这笔练习付款"


class CashierSessionOver(Conflict):
    """It was paid, cancelled, or left too long."""

    message = "这笔练习付款已经结束"
