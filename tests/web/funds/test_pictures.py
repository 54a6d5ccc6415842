"""The flow of a fund's money as a picture: what is drawn adds up, and says the same as the words."""

import re
from itertools import pairwise

from core.drawing import WIDTH
from core.funds.queries.traces import Flow
from web.funds.pictures import draw_flow

PURPOSES = {1: "四点半课堂", 2: "助老餐"}
CAME = [
    Flow(1, 11, "施样人", 10000),
    Flow(1, None, "", 5000, count=3),
    Flow(2, 12, "", 3000),
    Flow(None, 13, "样里邻居", 2000),
]
WENT = [
    Flow(1, 21, "暑期四点半课堂老师补贴", 9000),
    Flow(1, None, "", 6000, kind="left"),
    Flow(2, None, "", 3000, kind="left"),
    Flow(None, 21, "暑期四点半课堂老师补贴", 2000),
]


def test_there_is_no_picture_before_the_first_gift() -> None:
    assert draw_flow([], [], PURPOSES) is None


def test_every_column_holds_all_of_the_money() -> None:
    picture = draw_flow(CAME, WENT, PURPOSES)
    assert picture is not None
    assert [sum(node.amount_fen for node in column) for column in picture.columns] == [20000] * 3
    assert [[node.label for node in column] for column in picture.columns] == [
        ["施样人", "另外 3 笔", "匿名", "样里邻居"],
        ["四点半课堂", "助老餐", "不限用途"],
        ["暑期四点半课堂老师补贴", "还没有用"],
    ]


def test_the_words_say_what_the_ribbons_show() -> None:
    picture = draw_flow(CAME, WENT, PURPOSES)
    assert picture is not None
    assert len(picture.streams) == len(CAME) + len(WENT)
    assert ("四点半课堂", "暑期四点半课堂老师补贴", 9000) in picture.rows
    assert sum(amount for _, _, amount in picture.rows) == 40000


def test_nothing_leaves_the_picture_and_no_label_stands_on_another() -> None:
    picture = draw_flow(CAME, WENT, PURPOSES)
    assert picture is not None
    for column in picture.columns:
        for above, below in pairwise(column):
            assert below.y - above.y >= max(above.height, 36)
        assert column[-1].y + column[-1].height <= picture.height
    for stream in picture.streams:
        numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", stream.path)]
        assert min(numbers) >= 0
        assert max(numbers) <= max(WIDTH, picture.height)


def test_a_long_label_is_cut_by_its_width() -> None:
    picture = draw_flow(CAME, WENT, PURPOSES)
    assert picture is not None
    assert picture.columns[2][0].short == "暑期四点半课…"
    assert picture.columns[0][0].short == "施样人"


def test_uses_that_are_not_named_are_drawn_as_one() -> None:
    went = [Flow(1, 100 + n, f"用款{n}", 100 * n, kind="use") for n in range(4, 9)]
    went += [Flow(1, None, "", 600, kind="use"), Flow(1, None, "", 11400, kind="left")]
    picture = draw_flow([Flow(1, 11, "施样人", 15000)], went, PURPOSES)
    assert picture is not None
    labels = [node.label for node in picture.columns[2]]
    assert labels == ["用款4", "用款5", "用款6", "用款7", "用款8", "其他用款", "还没有用"]
    assert picture.columns[2][5].amount_fen == 600


def test_purposes_beyond_the_five_largest_are_drawn_as_one() -> None:
    purposes = {n: f"用途{n}" for n in range(1, 8)}
    came = [Flow(n, 10 + n, f"人{n}", 100 * n) for n in range(1, 8)]
    picture = draw_flow(came, [Flow(n, None, "", 100 * n, kind="left") for n in range(1, 8)], purposes)
    assert picture is not None
    assert [node.label for node in picture.columns[1]] == [
        "其他用途",
        "用途3",
        "用途4",
        "用途5",
        "用途6",
        "用途7",
    ]
