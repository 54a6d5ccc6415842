"""What people send about what is made public."""

from datetime import date
from typing import Annotated

import msgspec

from core.files.rules import Upload
from core.language import mark
from plugins.foundation.rules import disclosures as rules
from web.forms import said

_NOTE = said(mark("最多 200 个字"), max_length=200)
_LINK = said(
    mark("网址以 https:// 或 http:// 开头，最多 300 个字"), pattern=r"^https?://\S+$", max_length=300
)


_DUTY = rf"^({'|'.join(rules.KINDS)}):r?[0-9]{{1,16}}(-[0-9]{{1,3}})?$"


class DutyForm(msgspec.Struct):
    """A transaction that must be published within days."""

    kind: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(rules.RECORDED)})$")]
    title: Annotated[str, said(mark("最多 60 个字"), max_length=60)]
    happened_on: Annotated[date, said(mark("日期写成 2026-12-31 这样"))]


class DisclosureForm(msgspec.Struct):
    """Where it is public; a correction says what has changed. `duty`: kind and key, as `annual:2025`."""

    duty: Annotated[
        str, said(mark("请选择一项"), pattern=f"^({'|'.join(rules.KINDS)}):r?[0-9]{{1,16}}(-[0-9]{{1,3}})?$")
    ]
    link: Annotated[str, _LINK] = ""
    note: Annotated[str, _NOTE] = ""
    file: Upload | None = None
