"""Calls of the practice plugin."""

from tests.contracts.calls import Call

_SESSION = {"session_id": "cs_test_1"}
_CODE = {"code": "none"}
CALLS = {
    "GET /practice": lambda w: Call(),
    "GET /practice/statement.csv": lambda w: Call(),
    "GET /api/v1/practice/statement.csv": lambda w: Call(),
    "GET /practice/messages": lambda w: Call(),
    "GET /practice/cashier/{session_id:str}": lambda w: Call(_SESSION),
    "POST /practice/cashier/{session_id:str}": lambda w: Call(_SESSION, form={"outcome": "paid"}),
    "GET /api/v1/practice/cashier/{session_id:str}": lambda w: Call(_SESSION),
    "POST /api/v1/practice/cashier/{session_id:str}": lambda w: Call(_SESSION, json={"outcome": "paid"}),
    "GET /practice/wechat/{code:str}": lambda w: Call(_CODE),
    "POST /practice/wechat/{code:str}": lambda w: Call(_CODE, form={"outcome": "paid"}),
    "GET /api/v1/practice/wechat/{code:str}": lambda w: Call(_CODE),
    "POST /api/v1/practice/wechat/{code:str}": lambda w: Call(_CODE, json={"outcome": "paid"}),
    "GET /api/v1/practice/messages": lambda w: Call(),
}
