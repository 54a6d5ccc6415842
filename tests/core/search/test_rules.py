"""Under which keys a name is found, and what a query asks for."""

import pytest

from core.search.rules import QueryTooLong, fold, highlight, keys, promising_keys, spell, words

GARDEN = "龙凤新区共享菜园"


@pytest.mark.parametrize(
    ("typed", "compared"),
    [("８号Ａ区", "8号a区"), ("龙凤·新区 (二)", "龙凤新区二"), ("STRASSE", "strasse"), ("…", "")],
)
def test_width_capitals_and_punctuation_make_no_difference(typed: str, compared: str) -> None:
    assert fold(typed) == compared


def test_a_name_is_spelt_a_syllable_a_character() -> None:
    assert spell("龙凤8号a") == "long feng 8 hao a"
    assert spell("重庆银行") == "chong qing yin hang"


def test_keys_begin_at_every_place_and_those_that_begin_the_name_rank_first() -> None:
    found = keys("龙凤园", "long feng yuan")
    assert found["龙"] == found["龙凤园"] == found["lf"] == found["long"] == found["longfeng"] == 3
    assert found["园"] == found["fy"] == found["fengyuan"] == 1003
    assert not {"龙凤园园", "ongf", "l", "longf"} & set(found)
    assert max(map(len, found)) == len("longfengyuan") == 12


def test_a_shorter_name_ranks_before_a_longer_one() -> None:
    short, long, inside = keys("菜园", "cai yuan"), keys("菜园子", "cai yuan zi"), keys("小菜", "xiao cai")
    assert short["菜"] < long["菜"] < inside["菜"]


@pytest.mark.parametrize(
    ("query", "promising"),
    [
        ("菜", ["菜"]),
        ("共享菜园", ["共享菜园"]),
        ("龙凤新区共享菜园", [GARDEN]),
        ("志愿服务队3", ["志愿服务", "愿服务队", "服务队3"]),
        ("lf", ["lf"]),
        ("longf", ["long"]),
        ("longfengx", ["longfeng"]),
        ("longfengxinqu", ["longfengxinq"]),
        ("a", ["a"]),
        ("8号", ["8号"]),
        ("菜园 lf 龙凤新", ["龙凤新", "菜园", "lf"]),
    ],
)
def test_a_query_is_looked_up_by_long_keys_from_its_beginning_middle_and_end(
    query: str, promising: list[str]
) -> None:
    assert promising_keys(words(query)) == promising


@pytest.mark.parametrize("query", ["", "  ", "…·", "()"])
def test_a_query_without_letters_asks_for_nothing(query: str) -> None:
    assert words(query) == []


def test_forty_characters_are_read_and_one_more_is_refused() -> None:
    assert len(words("菜" * 40)[0].text) == 40
    with pytest.raises(QueryTooLong):
        words("菜" * 41)


@pytest.mark.parametrize(
    ("query", "met"),
    [
        ("凤新", ["凤新"]),
        ("菜园 龙凤", ["龙凤", "菜园"]),
        ("fengxin", ["凤新"]),
        ("fengxi", ["凤新"]),
        ("gxcy", ["共享菜园"]),
        ("longfengxinqugongxiangcaiyuan", [GARDEN]),
        ("engxin", []),
        ("cygx", []),
    ],
)
def test_what_was_met_is_marked(query: str, met: list[str]) -> None:
    pieces = highlight(GARDEN, spell(fold(GARDEN)), words(query))
    assert "".join(text for text, _ in pieces) == GARDEN
    assert [text for text, is_met in pieces if is_met] == met


def test_marks_stand_where_the_name_is_written_even_with_what_does_not_count_between() -> None:
    name = "ＡＢＣ·龙凤 8 号"
    spelt = spell(fold(name))
    assert spelt == "abc long feng 8 hao"
    assert [text for text, is_met in highlight(name, spelt, words("凤8 龙")) if is_met] == ["龙凤", "8"]
    assert ("龙凤", True) in highlight(name, spelt, words("longfeng"))
    assert ("ＡＢＣ", True) in highlight(name, spelt, words("abc"))
