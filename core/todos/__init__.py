"""What waits for a person, whoever says so."""
