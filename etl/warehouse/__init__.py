"""PostgreSQL: what its tables are, where it runs, how they are filled and published."""
