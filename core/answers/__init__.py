"""Answers that were given to requests with a key, so that the same request again changes nothing."""
