"""What a community worker does for residents: codes, registration, households that move in."""
