"""What can become of a thing: every workflow as a picture and as a list."""
