"""Refusals: params fill messages, fields carry reasons, both languages read them."""

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound, YijiError
from core.language import LANGUAGE, explain, translate
from core.payments.errors import AmountDiffers, OwnOrder, ReceiptNumberUsed


def test_params_fill_the_message() -> None:
    error = ReceiptNumberUsed(receipt_no="A-17")
    assert str(error) == "收据号 A-17 已经用过"
    assert error.params == {"receipt_no": "A-17"}
    assert explain(error) == str(error)


def test_a_missing_param_is_our_mistake_and_shows_at_once() -> None:
    with pytest.raises(KeyError):
        ReceiptNumberUsed()


def test_there_are_four_parents_and_each_has_words() -> None:
    assert {parent.__name__ for parent in YijiError.__subclasses__()} == {
        "NotFound",
        "Forbidden",
        "Conflict",
        "Invalid",
    }
    assert all(str(parent()) for parent in (NotFound, Forbidden, Conflict, Invalid))


def test_an_invalid_input_names_its_field_or_the_form() -> None:
    named, nameless = AmountDiffers(expected="35.00"), Invalid()
    assert named.reasons() == {"amount": named}
    assert nameless.reasons() == {"": nameless}


def test_a_percent_sign_in_a_param_is_only_text() -> None:
    assert str(ReceiptNumberUsed(receipt_no="100%")) == "收据号 100% 已经用过"
    assert explain(ReceiptNumberUsed(receipt_no="100%s")) == "收据号 100%s 已经用过"


def test_a_message_without_translation_stays_chinese() -> None:
    token = LANGUAGE.set("en")
    try:
        assert translate("没有人翻译过的话") == "没有人翻译过的话"
        assert explain(OwnOrder())
    finally:
        LANGUAGE.reset(token)
