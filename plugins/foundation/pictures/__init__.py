"""What foundations show as pictures; one module for each subject."""
