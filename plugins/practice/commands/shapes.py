"""Is a request one that Stripe would take? Held against the parameter types of the library that sends it.

So the stand-in refuses what the library's own version no longer knows, unlike a fake made by hand. Stricter
than the types where they allow any text beside the known words, because Stripe takes only those.
"""

import sys
import types
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ForwardRef, Literal, NotRequired, Required, Union, get_args, get_origin
from urllib.parse import parse_qsl

from stripe._request_options import RequestOptions
from stripe.params._balance_transaction_list_params import BalanceTransactionListParams
from stripe.params._dispute_list_params import DisputeListParams
from stripe.params._refund_create_params import RefundCreateParams
from stripe.params._refund_list_params import RefundListParams
from stripe.params.checkout._session_create_params import SessionCreateParams
from stripe.params.checkout._session_expire_params import SessionExpireParams
from stripe.params.checkout._session_retrieve_params import SessionRetrieveParams

SHAPES = {
    "create_session": SessionCreateParams,
    "retrieve_session": SessionRetrieveParams,
    "expire_session": SessionExpireParams,
    "create_refund": RefundCreateParams,
    "list_refunds": RefundListParams,
    "list_disputes": DisputeListParams,
    "list_lines": BalanceTransactionListParams,
}


class BadRequest(Exception):
    """What Stripe would answer with 400."""

    def __init__(self, message: str, *, param: str = "", code: str = "", type_: str = "") -> None:
        super().__init__(message)
        self.param, self.code, self.type = param, code, type_ or "invalid_request_error"


def read(body: str, shape: str) -> dict[str, Any]:
    """`a[b][0]=c` as nested dicts and lists, of the shape; raises BadRequest."""
    sent = _nested(body)
    read_as: dict[str, Any] = _as(sent, SHAPES[shape], {}, "")
    return read_as


def _nested(body: str) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        head, *rest = name.replace("]", "").split("[")
        place = tree
        for part in rest:
            place, head = place.setdefault(head, {}), part
        place[head] = value
    return tree


def _as(value: Any, hint: Any, names: Mapping[str, Any], path: str) -> Any:
    """The value as its hint wants it: numbers as numbers, lists as lists."""
    if isinstance(hint, str):
        hint = ForwardRef(hint)
    if isinstance(hint, ForwardRef):
        hint = eval(hint.__forward_code__, dict(names))
    origin, arguments = get_origin(hint), get_args(hint)
    if getattr(origin, "__name__", "") in ("NotRequired", "Required") or origin in (NotRequired, Required):
        return _as(value, arguments[0], names, path)
    if origin in (Union, types.UnionType):
        return _as_one_of(value, arguments, names, path)
    if hasattr(hint, "__required_keys__"):
        return _as_record(value, hint, path)
    if origin is Literal:
        return _checked(value, value in arguments, path)
    if origin is list:
        places = sorted(value, key=int) if isinstance(value, dict) and all(map(str.isdigit, value)) else None
        _checked(value, places is not None, path)
        return [_as(value[n], arguments[0], names, f"{path}[{n}]") for n in places or ()]
    if origin is dict:
        _checked(value, isinstance(value, dict), path)
        return {name: _as(one, arguments[1], names, f"{path}[{name}]") for name, one in value.items()}
    return _as_plain(value, hint, path)


def _as_one_of(value: Any, arguments: tuple[Any, ...], names: Mapping[str, Any], path: str) -> Any:
    resolved = [eval(a.__forward_code__, dict(names)) if isinstance(a, ForwardRef) else a for a in arguments]
    if any(get_origin(one) is Literal for one in resolved):
        resolved = [one for one in resolved if one is not str]
    refusal = BadRequest(f"Invalid {path}", param=path)
    for one in resolved:
        try:
            return _as(value, one, names, path)
        except BadRequest as refused:
            refusal = refused
    raise refusal


def _as_record(value: Any, shape: Any, path: str) -> dict[str, Any]:
    _checked(value, isinstance(value, dict), path)
    names = vars(sys.modules[shape.__module__])
    known = {n: h for n, h in shape.__annotations__.items() if n not in RequestOptions.__annotations__}
    for name in value:
        if name not in known:
            where = f"{path}[{name}]" if path else name
            raise BadRequest(f"Received unknown parameter: {where}", param=where, code="parameter_unknown")
    for name in sorted(shape.__required_keys__ & known.keys()):
        if name not in value:
            where = f"{path}[{name}]" if path else name
            raise BadRequest(f"Missing required param: {where}.", param=where, code="parameter_missing")
    return {n: _as(one, known[n], names, f"{path}[{n}]" if path else n) for n, one in value.items()}


def _as_plain(value: Any, hint: Any, path: str) -> Any:
    _checked(value, isinstance(value, str), path)
    if hint is str:
        return value
    if hint is bool:
        return _checked(value, value in ("true", "false"), path) == "true"
    if hint is int:
        return int(_checked(value, value.removeprefix("-").isdigit(), path))
    if hint is Decimal:
        try:
            return Decimal(value)
        except InvalidOperation:
            raise BadRequest(f"Invalid decimal: {path}", param=path) from None
    raise BadRequest(f"Invalid {path}", param=path)


def _checked(value: Any, holds: bool, path: str) -> Any:
    if not holds:
        raise BadRequest(f"Invalid {path}", param=path)
    return value
