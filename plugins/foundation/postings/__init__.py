"""What foundations move in the ledger, by subject. Pure, for a book-keeper to read."""
