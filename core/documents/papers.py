"""What a paper says: its title, the day it is dated, and its parts in order. Pure; `printing.py` prints it.

Texts are given as they shall be read, translated by whoever writes the paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Heading:
    """Over the parts that follow it."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text; a line end stays one."""

    text: str


@dataclass(frozen=True)
class Facts:
    """What things are called, and what they are."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows below a header, which every page repeats.

    `widths`: how the columns share the page; `numbers`: the columns, from 0, that stand on the right.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    numbers: Sequence[int] = ()


@dataclass(frozen=True)
class Code:
    """A QR code of `content`, an address mostly, and what it is for."""

    content: str
    caption: str


@dataclass(frozen=True)
class Signatures:
    """Lines to be signed or stamped on, side by side: three at most."""

    titles: Sequence[str]


Part = Heading | Paragraph | Facts | Table | Code | Signatures


@dataclass(frozen=True, kw_only=True)
class Paper:
    """Everything on a paper. `remark` stands in a frame: what it is not, say (非财政票据)."""

    title: str
    dated: date
    parts: Sequence[Part]
    remark: str = ""
