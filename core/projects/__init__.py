"""Projects: what bids award, gifts fund and volunteers serve, told in public from beginning to end."""
