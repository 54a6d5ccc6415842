"""Static files under addresses that change with their content: a browser asks for each once."""

import functools
import hashlib

from core.settings import ROOT

FOLDER = ROOT / "web" / "static"


@functools.cache
def _addresses() -> dict[str, str]:
    return {
        path.name: f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
        for path in FOLDER.iterdir()
    }


def address(name: str) -> str:
    """Where the file of this name is, as it is now; KeyError if there is none."""
    return _addresses()[name]


@functools.cache
def _present() -> frozenset[str]:
    return frozenset(_addresses().values())


def is_present(path: str, query: str) -> bool:
    """Will this address always mean what it means now? While nodes change over, another's may not."""
    return f"{path}?{query}" in _present()
