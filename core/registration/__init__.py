"""Registration: codes that prove a phone number, accounts made with them, and what people consent to."""
