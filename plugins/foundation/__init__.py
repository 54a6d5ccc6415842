"""社区基金会: a foundation's page, what it must publish by when, and the demo world of 成都."""
