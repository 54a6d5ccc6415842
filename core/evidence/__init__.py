"""Evidence: a record that something happened. It is consumed at most once for each purpose."""
