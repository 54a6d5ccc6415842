"""The tree of places, from province to estate. Boundaries change with a date; ids never do."""
