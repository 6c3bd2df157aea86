"""Hospital codes to standard concepts: the curated maps, and the vocabulary's own."""
