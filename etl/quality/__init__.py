"""What became of every row, and what is not mapped yet."""
