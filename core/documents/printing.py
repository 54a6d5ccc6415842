"""Papers as PDF: A4, with a subset of Noto Sans SC inside. The only module that knows the library.

The same paper is the same bytes, whenever and wherever it is printed. Reading the font takes longer than
a page: whoever prints imports this module when there is something to print, in a worker.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, time

import segno
from fpdf import FPDF
from fpdf.fonts import TTFFont
from pylopdf_fonts_zh_cn import sans_path

from core import clock
from core.documents.lines import broken
from core.documents.papers import Code, Facts, Heading, Paper, Paragraph, Part, Signatures, Table
from core.language import LANGUAGE, mark, translate

# It tells of every table of the font that it leaves out.
logging.getLogger("fontTools").setLevel(logging.WARNING)

# Millimetres; sizes of letters in points.
_WIDTH, _HEIGHT, _MARGIN, _FOOT = 210.0, 297.0, 20.0, 22.0
_SPACE = _WIDTH - 2 * _MARGIN
_BOTTOM = _HEIGHT - _FOOT
_TITLE, _HEADING, _TEXT, _SMALL = 18.0, 13.0, 10.5, 8.5
_LEADING = 0.6  # millimetres from line to line, for each point of size
_GAP, _LABEL, _CELL, _CODE = 4.0, 38.0, 1.5, 32.0
_CELL_LINES_MOST = 12
_INK, _GREY, _RULE = (20, 20, 20), (95, 95, 95), (190, 190, 190)
_FONT, _UNKNOWN = "noto", "〓"
_ROWS_A_STEP = 200


class Press:
    """One paper on its way to a PDF; its verbs block. `size`: how many rows and parts it has."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self.size = sum(len(part.rows) if isinstance(part, Table) else 1 for part in paper.parts)
        self._pdf = FPDF(format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_title(paper.title)
        self._pdf.set_lang({"zh": "zh-CN"}.get(LANGUAGE.get(), LANGUAGE.get()))
        self._pdf.set_creator("Yiji")
        self._pdf.set_creation_date(datetime.combine(paper.dated, time(), clock.HOME))
        self._pdf.add_font(_FONT, "", sans_path())
        font = self._pdf.fonts[_FONT]
        assert isinstance(font, TTFFont)
        self._font = font
        self._widths: dict[str, float] = {}
        self._y = 0.0

    def lay_out(self) -> Iterator[int]:
        """Set part after part; tells now and then how many of `size` are done."""
        self._new_page()
        self._head()
        done = 0
        for part in self._paper.parts:
            for rows in self._set(part):
                done += rows
                yield done

    def finish(self) -> bytes:
        """The PDF, after everything was laid out."""
        pages = len(self._pdf.pages)
        for number in range(1, pages + 1):
            self._pdf.page = number
            foot = translate(mark("第 %(page)s 页，共 %(pages)s 页"), page=number, pages=pages)
            self._write(foot, _SMALL, self._centred(foot, _SMALL), _HEIGHT - 12, _GREY)
        return bytes(self._pdf.output())

    def close(self) -> None:
        """Let go of the font's file, printed or not."""
        self._font.ttfont.close()

    # --- parts ---------------------------------------------------------------------------------

    def _head(self) -> None:
        title = self._clean(self._paper.title)
        for line in self._lines(title, _TITLE, _SPACE):
            self._line(line, _TITLE, self._centred(line, _TITLE))
        if self._paper.remark:
            remark = self._clean(self._paper.remark)
            width, x = self._measure(remark, _TEXT) + 6, self._centred(remark, _TEXT)
            self._y += 2
            self._pdf.rect(x - 3, self._y, width, 7)
            self._write(remark, _TEXT, x, self._y + 5)
            self._y += 7
        self._y += _GAP

    def _set(self, part: Part) -> Iterator[int]:
        """Set one part; tells how many rows were set since the last time."""
        match part:
            case Table():
                yield from self._table(part)
                return
            case Heading(text):
                self._heading(text)
            case Paragraph(text):
                self._paragraph(text)
            case Facts(pairs):
                self._facts(pairs)
            case Code():
                self._code(part)
            case Signatures(titles):
                self._signatures(titles)
        yield 1

    def _heading(self, text: str) -> None:
        self._need(_HEADING * _LEADING * 2 + _GAP)  # never alone at the foot of a page
        self._y += _GAP / 2
        for line in self._lines(self._clean(text), _HEADING, _SPACE):
            self._line(line, _HEADING, _MARGIN)
        self._y += 1

    def _paragraph(self, text: str) -> None:
        for line in self._lines(self._clean(text), _TEXT, _SPACE):
            self._line(line, _TEXT, _MARGIN)
        self._y += _GAP / 2

    def _facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        for name, value in pairs:
            names = self._lines(self._clean(name), _TEXT, _LABEL - 2)
            values = self._lines(self._clean(value), _TEXT, _SPACE - _LABEL)
            for number in range(max(len(names), len(values))):
                self._need(_TEXT * _LEADING)
                if number < len(names):
                    self._write(names[number], _TEXT, _MARGIN, self._baseline(_TEXT), _GREY)
                self._line(values[number] if number < len(values) else "", _TEXT, _MARGIN + _LABEL)
            self._y += 1
        self._y += _GAP / 2

    def _table(self, table: Table) -> Iterator[int]:
        shares = [_SPACE * width / sum(table.widths) for width in table.widths]
        header = self._cells(table.header, shares)
        self._row(header, shares, table.numbers, _GREY)
        for number, cells in enumerate(table.rows, 1):
            row = self._cells(cells, shares)
            if self._y + self._height(row) > _BOTTOM:
                self._new_page()
                self._row(header, shares, table.numbers, _GREY)
            self._row(row, shares, table.numbers, _INK)
            if number % _ROWS_A_STEP == 0:
                yield _ROWS_A_STEP
        yield len(table.rows) % _ROWS_A_STEP
        self._y += _GAP

    def _code(self, code: Code) -> None:
        self._need(_CODE + _GAP)
        matrix = segno.make(code.content, error="m", micro=False).matrix
        module, top = _CODE / len(matrix), self._y
        self._pdf.set_fill_color(0, 0, 0)
        for row, bits in enumerate(matrix):
            for column in (column for column, bit in enumerate(bits) if bit):
                x, y = _MARGIN + column * module, top + row * module
                self._pdf.rect(x, y, module, module, style="F")
        beside, self._y = _MARGIN + _CODE + _GAP, top + 2
        for line in self._lines(self._clean(code.caption), _TEXT, _SPACE - _CODE - _GAP):
            self._line(line, _TEXT, beside)
        for line in self._lines(self._clean(code.content), _SMALL, _SPACE - _CODE - _GAP):
            self._line(line, _SMALL, beside, _GREY)
        self._y = max(self._y, top + _CODE) + _GAP

    def _signatures(self, titles: Sequence[str]) -> None:
        self._need(34)
        self._y += 20
        width = _SPACE / len(titles)
        for number, title in enumerate(titles):
            x = _MARGIN + number * width
            self._pdf.set_draw_color(*_INK)
            self._pdf.line(x, self._y, x + width - 8, self._y)
            self._write(self._clean(title), _SMALL, x, self._y + 5, _GREY)
        self._y += 14

    # --- rows, lines, letters ------------------------------------------------------------------

    def _cells(self, cells: Sequence[str], shares: Sequence[float]) -> list[list[str]]:
        return [
            self._lines(self._clean(cell), _SMALL, share - 2 * _CELL)[:_CELL_LINES_MOST]
            for cell, share in zip(cells, shares, strict=True)
        ]

    def _height(self, row: list[list[str]]) -> float:
        return max(len(cell) for cell in row) * _SMALL * _LEADING + 2 * _CELL

    def _row(
        self, row: list[list[str]], shares: Sequence[float], numbers: Sequence[int], ink: tuple[int, int, int]
    ) -> None:
        self._need(self._height(row))
        left = _MARGIN
        for column, (cell, share) in enumerate(zip(row, shares, strict=True)):
            for number, line in enumerate(cell):
                room = share - 2 * _CELL - self._measure(line, _SMALL) if column in numbers else 0
                y = self._baseline(_SMALL) + _CELL + number * _SMALL * _LEADING
                self._write(line, _SMALL, left + _CELL + room, y, ink)
            left += share
        self._y += self._height(row)
        self._pdf.set_draw_color(*_RULE)
        self._pdf.line(_MARGIN, self._y, _MARGIN + _SPACE, self._y)

    def _line(self, text: str, size: float, x: float, ink: tuple[int, int, int] = _INK) -> None:
        self._need(size * _LEADING)
        self._write(text, size, x, self._baseline(size), ink)
        self._y += size * _LEADING

    def _need(self, height: float) -> None:
        if self._y + height > _BOTTOM:
            self._new_page()

    def _new_page(self) -> None:
        self._pdf.add_page()
        self._y = _MARGIN

    def _baseline(self, size: float) -> float:
        return self._y + size * _LEADING * 0.72

    def _write(self, text: str, size: float, x: float, y: float, ink: tuple[int, int, int] = _INK) -> None:
        if text:
            self._pdf.set_font(_FONT, size=size)
            self._pdf.set_text_color(*ink)
            self._pdf.text(x, y, text)

    def _centred(self, text: str, size: float) -> float:
        return (_WIDTH - self._measure(text, size)) / 2

    def _clean(self, text: str) -> str:
        """Only what the font can show: a name with a rarer character says so, in its place."""
        seen = (letter for letter in text if letter.isprintable() or letter == "\n")
        return "".join(x if x == "\n" or ord(x) in self._font.cmap else _UNKNOWN for x in seen)

    def _lines(self, text: str, size: float, width: float) -> list[str]:
        return broken(text, width / size, self._measure_one)

    def _measure(self, text: str, size: float) -> float:
        return self._measure_one(text) * size

    def _measure_one(self, text: str) -> float:
        """Millimetres at a size of one point; each letter is asked for once."""
        return sum(self._widths.get(letter) or self._ask_width(letter) for letter in text)

    def _ask_width(self, letter: str) -> float:
        self._pdf.set_font(_FONT, size=_TEXT)
        self._widths[letter] = self._pdf.get_string_width(letter) / _TEXT
        return self._widths[letter]
