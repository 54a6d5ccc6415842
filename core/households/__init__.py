"""Households as people change them: founding, joining, leaving, moving, splitting, merging."""
