"""Calls of the practice plugin."""

from tests.contracts.calls import Call

CALLS = {
    "GET /practice": lambda w: Call(),
    "GET /practice/messages": lambda w: Call(),
    "GET /api/v1/practice/messages": lambda w: Call(),
}
