"""What can be refused."""

from core.errors import Invalid, NotFound


class FileNotFound(NotFound):
    """No such file of the asker, or its time is over."""

    message = "没有找到这个文件，它可能已经过期"


class FormatUnknown(Invalid):
    """Not one of the formats that there are."""

    message = "请选择一种格式：%(formats)s"
    field = "format"


class ListTooLarge(Invalid):
    """More than we read at once."""

    message = "文件最大 %(mb)s MB，请分成几份"
    field = "file"


class ListUnreadable(Invalid):
    """Neither CSV nor XLSX, or damaged."""

    message = "看不懂这个文件，请用 CSV (UTF-8 或 GBK) 或 XLSX"
    field = "file"
