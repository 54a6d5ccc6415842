"""Under which keys a person's name and phone are found, and what a worker asks for. Pure.

A key is a name from some character of it to its end, as written, as pinyin or as initials, or the end of a
phone. Whatever it begins with finds it: a B-tree needs no more than that.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.search import rules
from core.search.slips import loosen

LOOSE, GAP, PHONE_END = "~", "?", 4
_LOOSE_LEAST, _NEAR_LEAST, _LETTERS_LEAST, _SYLLABLE_MOST = 2, 3, 5, 6
# Read otherwise as a surname than elsewhere.
_SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou", "朴": "piao", "盖": "ge",
    "缪": "miao", "乐": "yue", "翟": "zhai", "覃": "qin", "员": "yun", "黑": "he", "繁": "po", "种": "chong",
    "召": "shao", "折": "she", "洗": "xian", "宓": "fu", "隗": "wei", "卜": "bu", "薄": "bo",
}  # fmt: skip


def keys(name: str, phone: str | None) -> set[tuple[bool, str]]:
    """(does it begin within the name?, key)."""
    folded = rules.fold(name)
    syllables = rules.spell(folded).split()
    found = set(_keys(folded, syllables))
    if folded[:1] in _SURNAMES:
        found |= set(_keys("", [_SURNAMES[folded[0]], *syllables[1:]]))
    if phone:
        found.add((True, phone[-PHONE_END:]))
    return found


def _keys(folded: str, syllables: list[str]) -> Iterator[tuple[bool, str]]:
    for at in range(len(folded)):
        yield at > 0, folded[at:]
    for at in range(len(syllables)):
        spelt = "".join(syllables[at:])
        initials = "".join(syllable[0] for syllable in syllables[at:])
        yield at > 0, spelt
        yield at > 0, LOOSE + loosen(spelt)
        if len(initials) > 1:
            yield at > 0, initials
    for whole in filter(None, (folded, loosen("".join(syllables)))):
        yield False, _around(whole)


def _around(whole: str) -> str:
    """How it begins and ends: the same if a letter between is wrong. Of letters three, of characters one."""
    most = 3 if whole.isascii() else 1
    return GAP + whole[:most] + whole[-most:]


@dataclass(frozen=True)
class Asked:
    """Beginnings of keys: `exact`; if none has it, `alike`, which sounds so.

    If none has that either, whoever is near has one of `beginnings` or, within the name, one of `ends`.
    """

    exact: str
    alike: str = ""
    beginnings: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


def asked(words: str) -> Asked | None:
    """What a query asks for; None for nothing. Raises QueryTooLong."""
    text = "".join(word.text for word in rules.words(words))
    if not text:
        return None
    if text.isascii() and text.isalpha():
        loose = loosen(text)
        alike = LOOSE + loose if len(loose) >= _LOOSE_LEAST else ""
        if len(loose) < _LETTERS_LEAST:
            return Asked(text, alike)
        ends = tuple(LOOSE + loose[at:] for at in range(1, min(_SYLLABLE_MOST, len(loose) - 2) + 1))
        beginning = LOOSE + loose[: max(-(-len(loose) // 2), len(loose) - 4)]
        return Asked(text, alike, (beginning, _around(loose)), ends)
    if text.isascii() or len(text) < _NEAR_LEAST:
        return Asked(text)
    half = -(-len(text) // 2)
    return Asked(text, "", (text[:half], _around(text)), tuple(text[at:] for at in range(1, half + 1)))
