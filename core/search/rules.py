"""Under which keys a name is found, what a query asks for, and which part of a name it met. Pure.

A name is folded (NFKC, lower case, letters and digits only) and spelt (a syllable a character). From
every place of it, its first few characters are keys; a query is looked up by one key, a long or a rare
one, and what is found is compared with all of it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import Invalid
from core.search.slips import loosen

QUERY_MOST, WORDS_MOST, HITS_MOST = 40, 5, 100
# As written: one to four characters and the start of a longer name. As spelt: fewer, letters say less.
_WRITTEN, _SPELT = (1, 2, 3, 4, 8), (2, 3, 4, 8, 12)
_NEAR_LEAST, _LETTERS_LEAST = 3, 5  # characters, or letters of pinyin, of a word that may have a slip
# Keys for words with a slip begin with what no query has: four letters of how it sounds to who mixes sounds
# up, and two characters with any one between.
_LOOSE, _GAP, _HEARD = "~", "?", 4
_INSIDE = 1000  # added to the rank where a key does not begin the name; more than any name is long


class QueryTooLong(Invalid):
    """More than a name could answer."""

    message = "最多 40 个字，请写短一些"
    field = "q"


@dataclass(frozen=True)
class Word:
    """A word of a query, and the longest keys of names that hold it, its beginning first.

    `spelt` is what it means as pinyin, a regular expression; "" if it cannot be pinyin.
    """

    text: str
    keys: tuple[str, ...]
    spelt: str


def fold(text: str) -> str:
    """As compared: full width is half, capitals are small, and punctuation does not count."""
    return "".join(char for char, _ in _folded(text))


def _folded(text: str) -> Iterator[tuple[str, int]]:
    """Each character as compared, with its place in `text`."""
    for place, original in enumerate(text):
        for char in unicodedata.normalize("NFKC", original).casefold():
            if char.isalnum():
                yield char, place


def spell(folded: str) -> str:
    """Pinyin without tones, syllables apart; what is not Chinese stays one piece as it is."""
    from pypinyin import lazy_pinyin  # 40 MB, which only a process that names things needs

    return " ".join(lazy_pinyin(folded))


def keys(folded: str, spelt: str) -> dict[str, int]:
    """Key -> rank, lower first: those that begin the name, then those of shorter names."""
    syllables = spelt.split()
    found: dict[str, int] = {}
    for parts, lengths in (
        (list(folded), _WRITTEN),
        (syllables, _SPELT),
        ([syllable[0] for syllable in syllables], _SPELT),
    ):
        for start in range(len(parts)):
            rest = "".join(parts[start : start + lengths[-1]])
            rank = len(folded) + (_INSIDE if start else 0)
            for length in lengths:
                if length <= len(rest):
                    found[rest[:length]] = min(rank, found.get(rest[:length], rank))
    for start, key in _near_keys(folded, syllables):
        rank = len(folded) + (_INSIDE if start else 0)
        found[key] = min(rank, found.get(key, rank))
    return found


def _near_keys(folded: str, syllables: Sequence[str]) -> Iterator[tuple[int, str]]:
    for start in range(len(syllables)):
        heard = loosen("".join(syllables[start : start + _HEARD]))
        if len(heard) >= _HEARD:
            yield start, _LOOSE + heard[:_HEARD]
    for start, (first, third) in enumerate(zip(folded, folded[2:], strict=False)):
        yield start, _GAP + first + third


def words(query: str) -> list[Word]:
    """What a query asks for, all of it; empty for nothing to look for. Raises QueryTooLong."""
    if len(query) > QUERY_MOST:
        raise QueryTooLong
    parts = (fold(part) for part in unicodedata.normalize("NFKC", query).split())
    return [_word(part) for part in list(dict.fromkeys(filter(None, parts)))[:WORDS_MOST]]


def _word(text: str) -> Word:
    is_pinyin = re.fullmatch("[a-z][a-z0-9]+", text) is not None
    lengths = _SPELT if is_pinyin else _WRITTEN
    length = max(length for length in lengths if length <= len(text))
    rest = len(text) - length
    starts = (0,) if is_pinyin else (0, rest // 2, rest)  # only names begin syllables at known places
    keys = tuple(dict.fromkeys(text[start : start + length] for start in starts))
    syllables, initials = " ?".join(text), "[^ ]* ".join(text)
    return Word(text, keys, f"(?:^| )(?:{syllables}|{initials})" if is_pinyin else "")


def promising_keys(wanted: Sequence[Word]) -> list[str]:
    """Keys by which all of it can be looked up, the longest first, Chinese before letters."""
    return sorted(
        dict.fromkeys(key for word in wanted for key in word.keys),
        key=lambda key: (-len(key), key.isascii()),
    )


def near_keys(wanted: Sequence[Word]) -> list[tuple[int, str]]:
    """(slip, key): for each slip that the longest word may have, keys that a name without it has.

    One of a slip's keys is enough. [] if no word is long enough.
    """
    text = max((word.text for word in wanted if _may_be_near(word)), key=len, default="")
    if text.isascii():
        heard = loosen(text)
        return [(at, _LOOSE + heard[at : at + _HEARD]) for at in range(max(0, len(heard) - _HEARD + 1))]
    slips = [list(_around(text[:at], text[at + 1 :])) for at in range(len(text))]  # another one
    slips += [list(_around(text[:at], text[at:])) for at in range(1, len(text))]  # left out
    if len(text) > _NEAR_LEAST:
        slips += [list(_around(text[:at], text[at + 1 :]))[:-1] for at in range(1, len(text) - 1)]  # too many
    return [(number, key) for number, keys in enumerate(slips) for key in keys]


def _around(before: str, after: str) -> Iterator[str]:
    """Keys of what stands before and after one unknown character, and of both sides of it."""
    yield from filter(None, (before[-_WRITTEN[-2] :], after[: _WRITTEN[-2]]))
    if before and after:
        yield _GAP + before[-1] + after[0]


def near_pattern(word: Word) -> str:
    """A regular expression for names that hold the word but for one character: another one, or left out.

    Of four or more it may also be one too many. Of pinyin it is for names as `loosen` writes them.
    """
    text, least = (loosen(word.text), 1) if word.text.isascii() else (word.text, _NEAR_LEAST)
    if not _may_be_near(word):
        return ""
    ways = [f"{text[:at]}.{text[at + 1 :]}" for at in range(len(text))]
    ways += [f"{text[:at]}.{text[at:]}" for at in range(1, len(text))]
    if len(text) > least:
        ways += [text[:at] + text[at + 1 :] for at in range(len(text))]
    return "|".join(ways)


def _may_be_near(word: Word) -> bool:
    """Long enough for a slip, as characters or as pinyin."""
    return len(word.text) >= (_LETTERS_LEAST if word.spelt else _NEAR_LEAST) and bool(
        word.spelt or not word.text.isascii()
    )


def highlight(name: str, spelt: str, wanted: Sequence[Word]) -> list[tuple[str, bool]]:
    """The name in pieces, each with whether the query met it."""
    folded, places = fold(name), [place for _, place in _folded(name)]
    met = {places[at] for word in wanted for at in _met(word, folded, spelt)}
    pieces: list[tuple[str, bool]] = []
    for place, char in enumerate(name):
        is_met = place in met
        if pieces and pieces[-1][1] == is_met:
            pieces[-1] = (pieces[-1][0] + char, is_met)
        else:
            pieces.append((char, is_met))
    return pieces


def _met(word: Word, folded: str, spelt: str) -> range:
    """The places of `folded` that the word stands for."""
    if (start := folded.find(word.text)) >= 0:
        return range(start, start + len(word.text))
    found = re.search(word.spelt, spelt) if word.spelt else None
    if found is None:
        return range(0)
    ends = [0, *_ends(folded, spelt.split())]
    first, last = (spelt.count(" ", 0, place) for place in (found.start() + 1, found.end()))
    return range(ends[first], ends[last + 1])


def _ends(folded: str, syllables: Sequence[str]) -> Iterator[int]:
    """Where each syllable's character, or a piece that is not Chinese, ends in `folded`."""
    end = 0
    for syllable in syllables:
        end += len(syllable) if folded.startswith(syllable, end) else 1
        yield end
