"""Where a line of Chinese, of English, or of both may end. Pure."""

import re
from collections.abc import Callable, Iterator

# What stays together: a word, or a character with the signs that may not begin or end a line.
_UNIT = re.compile(r"\s+|[（《「『“‘【〈]*(?:[^\s\u2e80-\uffef“”‘’]+|\S)[，。、；：？！）》」』”’】〉…％]*")


def broken(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The lines of a text, none wider than `width`; its own line ends stay, and an empty text is one line."""
    return [line for paragraph in text.split("\n") for line in _lines(paragraph, width, measure)]


def _lines(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    line = ""
    for unit in _UNIT.findall(text):
        if line and measure(line + unit.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += unit if line else unit.lstrip()
        while measure(line.rstrip()) > width and len(line) > 1:  # an address, say: broken anywhere
            fits = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or measure(line[:n]) <= width)
            yield line[:fits]
            line = line[fits:]
    yield line.rstrip()
