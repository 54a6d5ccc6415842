"""Work that must happen, as rows: written in the unit of work that wants it, done exactly once in the database."""
