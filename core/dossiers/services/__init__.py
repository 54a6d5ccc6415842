"""The verbs of dossiers: everything about one thing for its auditors, and a donor's copy of own gifts."""

from core.dossiers.services.making import MADE, make_dossier
from core.dossiers.services.packs import PACK, ask_for_pack, ask_with_code, forget_packs, make_pack

__all__ = ["MADE", "PACK", "ask_for_pack", "ask_with_code", "forget_packs", "make_dossier", "make_pack"]
