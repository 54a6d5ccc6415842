"""The workflows of organizations."""

from core.organizations.rules import ORGANIZATIONS
from core.organizations.rules.payees import PAYEES
from core.organizations.rules.restrictions import RESTRICTIONS

WORKFLOWS = (ORGANIZATIONS, RESTRICTIONS, PAYEES)
