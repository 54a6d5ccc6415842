"""What people may send to the tool shed, by its page or as JSON."""

from typing import Annotated

import msgspec

from core.language import mark
from web.forms import said


class ToolForm(msgspec.Struct):
    """A tool that one puts on the shelf."""

    name: Annotated[str, said(mark("工具名称最多 40 个字"), pattern=r"\S", max_length=40)]


class Button(msgspec.Struct):
    """Only a button."""
