"""An Athena download: read, checked, made whole, loaded."""
