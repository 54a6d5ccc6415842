"""What people mix up when they write a name: sounds that are alike, and one letter or character. Pure."""

import re

# What many do not tell apart, as one. Written so that a part of a word stays a part of it.
_ALIKE = (
    (re.compile("(?<=[zcs])h"), ""),  # zh z, ch c, sh s
    (re.compile("ng"), "n"),  # ang an, eng en, ing in
    (re.compile("f"), "hu"),  # fei hui, fang huang
    (re.compile("v"), "u"),  # lv lu
    (re.compile("uu"), "u"),
    (re.compile("hu(?=[in])"), "hue"),
    (re.compile("n"), "l"),  # n l
)


def loosen(letters: str) -> str:
    """Pinyin in one piece, with sounds that are mixed up made one."""
    for sound, same in _ALIKE:
        letters = sound.sub(same, letters)
    return letters


def is_near(wanted: str, text: str) -> bool:
    """Does `text` begin with `wanted`, but for one letter that is another, left out or too many?"""
    at = next((at for at, (a, b) in enumerate(zip(wanted, text, strict=False)) if a != b), None)
    if at is None:
        return len(wanted) <= len(text) + 1
    return (
        text.startswith(wanted[at + 1 :], at + 1)  # another
        or text.startswith(wanted[at:], at + 1)  # left out
        or text.startswith(wanted[at + 1 :], at)  # too many
    )
