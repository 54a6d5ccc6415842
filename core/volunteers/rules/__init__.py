"""What volunteers, leaders and strangers at a certificate may do and see. Pure."""
