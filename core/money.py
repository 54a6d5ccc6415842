"""Money is an integer number of fen. No float ever holds it; yuan exist only in what people read and type."""

import re

_TYPED_YUAN = re.compile(r"(\d{1,10}|\d{1,3}(?:[,，]\d{3}){1,3})(?:\.(\d{1,2}))?", re.ASCII)


def format_yuan(amount_fen: int) -> str:
    """3500 -> `35.00`, -123456 -> `-1,234.56`. Without the unit: pages and languages add their own."""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}{yuan:,}.{fen:02}"


def parse_yuan(typed: str) -> int:
    """`35`, `35.5`, `1,234.56` -> fen. Raises ValueError for anything else, signs included."""
    match = _TYPED_YUAN.fullmatch(typed.strip())
    if match is None:
        raise ValueError(f"not an amount of money: {typed!r}")
    return int(re.sub("[,，]", "", match[1])) * 100 + int((match[2] or "").ljust(2, "0"))
