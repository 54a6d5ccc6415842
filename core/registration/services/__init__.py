"""The verbs of registration: codes, accounts, consents."""

from core.registration.services.accounts import change_phone, register, reset_password
from core.registration.services.codes import SEND, SWEEP, ask_for_code, issue_code, send_code, sweep_codes
from core.registration.services.consents import give_consent, withdraw_consent

__all__ = [
    "SEND",
    "SWEEP",
    "ask_for_code",
    "change_phone",
    "give_consent",
    "issue_code",
    "register",
    "reset_password",
    "send_code",
    "sweep_codes",
    "withdraw_consent",
]
