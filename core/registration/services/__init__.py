"""The verbs of registration: codes, accounts, consents, real names."""

from core.registration.services.accounts import change_phone, register, reset_password
from core.registration.services.codes import SEND, SWEEP, ask_for_code, issue_code, send_code, sweep_codes
from core.registration.services.consents import decide_for_child, give_consent, withdraw_consent
from core.registration.services.identities import check_served, rename, state_identity, verify_identity

__all__ = [
    "SEND",
    "SWEEP",
    "ask_for_code",
    "change_phone",
    "check_served",
    "decide_for_child",
    "give_consent",
    "issue_code",
    "register",
    "rename",
    "reset_password",
    "send_code",
    "state_identity",
    "sweep_codes",
    "verify_identity",
    "withdraw_consent",
]
