"""The way to Usagi, where reviewers decide on maps, and back."""
