"""The story of the tool shed's tables. Keep the generated names."""
