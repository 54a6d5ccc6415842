"""Projects, for everybody; and the story that their organizations tell."""
