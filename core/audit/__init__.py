"""Who did what, when: append-only, ids only, so that deleting a person leaves the record whole."""
