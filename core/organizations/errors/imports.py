"""What can be refused of a list of organizations, or of one of its rows."""

from core.errors import Conflict, Invalid, NotFound


class ListTooLong(Invalid):
    """More rows than we take at once."""

    message = "最多 %(most)s 行，请分成几份"
    field = "file"


class ColumnsMissing(Invalid):
    """The first row names the columns."""

    message = "第一行要有这些列：%(columns)s"
    field = "file"


class ListEmpty(Invalid):
    """Only a header."""

    message = "表里没有组织"
    field = "file"


class ImportNotFound(NotFound):
    """No such import of the asker."""

    message = "没有找到这次导入"


class NothingToImport(Conflict):
    """No row of it can be taken, or it has been imported."""

    message = "没有可以导入的行"


class KindUnknown(Invalid):
    """Not one of the kinds of organizations."""

    message = "组织类型不对，请写成：%(kinds)s"
    field = "kind"


class PlaceUnknown(Invalid):
    """No such place among those that one reviews."""

    message = "没有这个地区，或不归您管：请写地区全名或 6 位区划代码"
    field = "region_id"


class PlaceAmbiguous(Invalid):
    """Several places are called so."""

    message = "有几个地区叫这个名字，请写 6 位区划代码"
    field = "region_id"


class NameTaken(Invalid):
    """An organization of this name is registered in the same place."""

    message = "这个地区已经有同名的组织"
    field = "name"


class TwiceInList(Invalid):
    """The same code or the same name and place stands in a row above."""

    message = "和第 %(line)s 行重复"
    field = "name"
