"""Who holds which role where, granted and revoked by those in charge there."""
