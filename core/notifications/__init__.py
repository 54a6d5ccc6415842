"""What a person is told. In the application for now; every notice is a row."""
