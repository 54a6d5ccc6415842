"""What people may send to the tool shed."""

from typing import Annotated

import msgspec

from core.language import mark
from web.forms import said


class ToolForm(msgspec.Struct):
    """A tool for the shelf of one of the keeper's organizations."""

    name: Annotated[str, said(mark("工具名称最多 40 个字"), max_length=40)]
    organization_id: Annotated[int, said(mark("请选择一个组织"), ge=1, le=2**63 - 1)]


class Button(msgspec.Struct):
    """Only a button."""
