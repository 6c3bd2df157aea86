"""Which lines of maps and codelists no longer agree with the vocabulary in use."""
