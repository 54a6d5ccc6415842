"""What operators can be refused."""

from core.errors import Conflict, NotFound


class DeliveryNotFound(NotFound):
    """No such delivery."""

    message = "没有找到这次事件投递"


class DeliverySettled(Conflict):
    """It has arrived, or was skipped: nothing is left to decide."""

    message = "这次投递已经完成或已跳过"


class DeliveryUnderWay(Conflict):
    """The plugin is at work on this subject at this very moment."""

    message = "插件正在处理，请过一会儿再看"


class PluginIsOff(Conflict):
    """A plugin that is off gets what it missed when it is on again."""

    message = "插件已停用，启用后会自动补上"
