"""Money is an integer number of fen. No float ever holds it; yuan exist only in what people read and type."""

import re
import unicodedata

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_POWERS = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))
_SPELT_MOST = 10**15 - 1  # 9,999,999,999,999.99 yuan

_TYPED_YUAN = re.compile(r"(\d{1,10}|\d{1,3}(?:[,]\d{3}){1,3})(?:\.(\d{1,2}))?", re.ASCII)


def format_yuan(amount_fen: int) -> str:
    """3500 -> `35.00`, -123456 -> `-1,234.56`. Without the unit: pages and languages add their own."""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}{yuan:,}.{fen:02}"


def parse_yuan(typed: str) -> int:
    """`35`, `35.5`, `1,234.56`, `¥35`, `35元`, full-width digits -> fen; ValueError for anything else."""
    plain = unicodedata.normalize("NFKC", typed).replace("。", ".").strip()
    match = _TYPED_YUAN.fullmatch(plain.removeprefix("¥").removesuffix("元").strip())
    if match is None:
        raise ValueError(f"not an amount of money: {typed!r}")
    return int(match[1].replace(",", "")) * 100 + int((match[2] or "").ljust(2, "0"))


def spell_yuan(amount_fen: int) -> str:
    """An amount as papers write it, so that nobody adds a digit: 10005 -> 壹佰元零伍分.

    By the Basic Provisions on Filling in Bills (支付结算办法, annex 1): zeros in a row are read once, 整
    closes what has no fen. Where the provisions leave a 零 to the writer (after 拾, 万, 元) there is none.
    ValueError below 0 and above 9,999,999,999,999.99 yuan.
    """
    if not 0 <= amount_fen <= _SPELT_MOST:
        raise ValueError(f"no amount for a paper: {amount_fen!r}")
    yuan, (jiao, fen) = amount_fen // 100, divmod(amount_fen % 100, 10)
    spelt = f"{_spell(yuan)}元" if yuan or not amount_fen else ""
    if jiao:
        spelt += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        spelt += "零"
    return spelt + (f"{_DIGITS[fen]}分" if fen else "整")


def _spell(number: int) -> str:
    for power, name in _POWERS:
        if number >= power:
            high, low = divmod(number, power)
            gap = "零" if 0 < low < power // 10 else ""
            return _spell(high) + name + (gap + _spell(low) if low else "")
    return _DIGITS[number]
