"""Work that must happen, as rows: written in the unit of work that wants it, done once in the database."""
