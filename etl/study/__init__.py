"""Studies: cohorts read off the published CDM, each a folder of settings and SQL files."""
