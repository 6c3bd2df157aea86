"""What the hospital hands over: contracts, readers, pseudonyms, landing."""
