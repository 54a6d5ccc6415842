"""What can be refused of a file."""

from core.errors import Invalid, NotFound


class UploadNotFound(NotFound):
    """No such file, or not for the asker: both look the same."""

    message = "没有找到这个文件，或者您不能查看它"


class FileTooLarge(Invalid):
    """The file has more bytes than are kept."""

    message = "文件太大了，最多 %(megabytes)s MB"
    field = "file"


class FileKindUnknown(Invalid):
    """What the file begins with is of no kind that is kept, whatever its name says."""

    message = "只能上传照片（JPEG、PNG、WebP）或 PDF 文件"
    field = "file"


class PictureBroken(Invalid):
    """It begins like a picture, but cannot be read as one, or has too many pixels."""

    message = "这张照片打不开，请换一张"
    field = "file"
