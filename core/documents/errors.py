"""What can be refused."""

from core.errors import Invalid, NotFound


class FileNotFound(NotFound):
    """No such file of the asker, or its time is over."""

    message = "没有找到这个文件，它可能已经过期"


class FormatUnknown(Invalid):
    """A list can be had as CSV or as XLSX."""

    message = "请选择 CSV 或 XLSX 格式"
    field = "format"
