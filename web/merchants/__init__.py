"""The accounts at payment providers where organizations take money online."""
