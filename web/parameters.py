"""Parameters of paths and queries, bounded so that none can overflow a column of the database."""

from typing import Annotated

from litestar.params import FromQuery, PathParameter, QueryParameter

_BIGGEST = 2**53 - 1  # what every program can count to, and a double can say

RowId = Annotated[int, PathParameter(ge=1, le=_BIGGEST)]
MaybeId = Annotated[int | None, QueryParameter(ge=1, le=_BIGGEST)]
Code = Annotated[str, QueryParameter(max_length=60, pattern=r"^[a-z0-9_.]*$(?!\n)")]
PathCode = Annotated[str, PathParameter(max_length=80)]
Cursor = Annotated[str, QueryParameter(pattern=r"^(\d{1,16}-\d{1,18})?$(?!\n)")]
Word = Annotated[str, PathParameter(max_length=40)]
Before = Annotated[int | None, QueryParameter(ge=1, le=_BIGGEST)]
PageNumber = Annotated[int, QueryParameter(ge=1, le=10**9)]
Words = FromQuery[str]
NextPath = FromQuery[str]
