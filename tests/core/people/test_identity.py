"""Identity numbers, against the standard's own examples."""

from datetime import date

import pytest

from core.people.errors import IdentityNumberWrong
from core.people.identity import age, check_number, is_minor, tidy_number

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("number", "born_on"),
    [("11010519491231002X", date(1949, 12, 31)), ("440524188001010014", None)],
)
def test_the_examples_of_gb_11643(number: str, born_on: date | None) -> None:
    """The second of them was born in 1880: the number is right, its bearer would be too old."""
    if born_on:
        assert check_number(number, TODAY) == born_on
    else:
        assert check_number(number, date(1950, 1, 1)) == date(1880, 1, 1)
        with pytest.raises(IdentityNumberWrong):
            check_number(number, TODAY)


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # the check digit
        "11010519491231002",  # too short
        "11010519491231002XX",
        "110105194913310020",  # a 13th month
        "510104202711220014",  # born tomorrow or later
        "010105194912310028",
        "1101051949123100AX",
        "",
    ],
)
def test_what_is_on_no_card_is_refused_without_being_repeated(number: str) -> None:
    with pytest.raises(IdentityNumberWrong) as refused:
        check_number(number, TODAY)
    assert not number or number not in str(refused.value)


@pytest.mark.parametrize("wrong", "0123456789")
def test_every_other_digit_in_a_place_is_noticed(wrong: str) -> None:
    right = "11010519491231002X"
    for place in range(6, 17):
        changed = f"{right[:place]}{wrong}{right[place + 1 :]}"
        if changed != right:
            with pytest.raises(IdentityNumberWrong):
                check_number(changed, TODAY)


def test_what_was_typed_is_made_what_is_on_the_card() -> None:
    assert tidy_number(" 110105 19491231-002x") == "11010519491231002X"
    assert tidy_number("１１０１０５１９４９１２３１００２ｘ") == "11010519491231002X"


def test_one_is_of_age_on_the_eighteenth_birthday() -> None:
    assert is_minor(date(2008, 11, 23), TODAY)
    assert not is_minor(date(2008, 11, 22), TODAY)
    assert not is_minor(None, TODAY)
    assert age(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age(date(2008, 2, 29), date(2026, 3, 1)) == 18
