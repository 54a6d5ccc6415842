"""How names and phones appear to others."""

import pytest

from core.people.masks import mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("李四", "李*"),
        ("王小明", "王**"),
        ("欧阳娜娜", "欧阳**"),
        ("司马光", "司马*"),
        ("诸葛孔明", "诸葛**"),
        ("欧阳", "欧*"),
        ("阿凡提江", "阿***"),
        ("王", "王"),
        ("", ""),
    ],
)
def test_a_name_shows_its_surname_and_a_star_for_each_other_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown
    assert len(mask_name(name)) == len(name)


def test_a_phone_shows_its_ends() -> None:
    assert mask_phone("13800005678") == "138****5678"
