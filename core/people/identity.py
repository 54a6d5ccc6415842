"""Identity numbers of mainland China (GB 11643-1999): is it one, and what it tells. Pure.

Where a number says somebody was born is not checked: old codes of places are still on valid cards.
"""

import re
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from core.people.errors import IdentityNumberWrong

ADULT_AGE = 18
_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OLDEST = 130


def tidy_number(typed: str) -> str:
    """As it is on the card: no blanks, a capital X; what was typed in full width is made narrow."""
    narrow = typed.translate({0xFF10 + n: str(n) for n in range(10)} | {0xFF38: "X", 0xFF58: "X"})
    return re.sub(r"[\s-]", "", narrow).upper()


def check_number(number: str, today: date) -> date:
    """The day of birth that it tells; raises IdentityNumberWrong for what is on no card."""
    if not _FORM.fullmatch(number) or ric.calc_check_digit(number) != number[-1]:
        raise IdentityNumberWrong
    try:
        born_on = ric.get_birth_date(number)
    except ValidationError:
        raise IdentityNumberWrong from None
    if not 0 <= age(born_on, today) <= _OLDEST:
        raise IdentityNumberWrong
    return born_on


def age(born_on: date, today: date) -> int:
    """Full years; negative before the birth. Who is born on 29 February is older on 1 March."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def is_minor(born_on: date | None, today: date) -> bool:
    """Known to be younger than 18; whose birth nobody knows counts as grown up."""
    return born_on is not None and age(born_on, today) < ADULT_AGE
