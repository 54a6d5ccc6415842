"""Money is an integer number of fen. No float ever holds it; yuan exist only in what people read and type."""

import re
import unicodedata

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
