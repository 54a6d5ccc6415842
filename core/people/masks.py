"""How names, phones and addresses appear to others. The only place that shortens personal data."""

# The name of whoever has ended the account.
GONE = "已注销"
# Whoever is a minor: of them not even the family name is public.
MINOR = "某同学"
_COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "宇文",
        "长孙",
        "司徒",
        "司空",
        "夏侯",
        "轩辕",
        "端木",
        "独孤",
        "南宫",
    ]
)


def mask_name(name: str) -> str:
    """王小明 -> 王**, 李四 -> 李*, 欧阳娜娜 -> 欧阳**; one star for each hidden character."""
    if name == GONE:
        return name
    shown = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1
    return name[:shown] + "*" * (len(name) - shown)


def mask_phone(phone: str) -> str:
    """13800005678 -> 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}"


def mask_identity(number: str) -> str:
    """11010519491231002X -> 1****************X: for its owner alone."""
    return number[0] + "*" * (len(number) - 2) + number[-1]


def mask_email(address: str) -> str:
    """lin@example.org -> l***@example.org; always three stars."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"
