"""Everything about one thing for its auditors: a zip that checks itself."""
