"""The core of 益集: organizations, volunteers, micro-funds, and what every plugin stands on."""
