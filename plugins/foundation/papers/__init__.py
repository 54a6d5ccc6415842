"""What foundations print; one module for each subject."""
