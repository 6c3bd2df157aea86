"""The ETL specification, written from what the ETL runs on: contracts, SQL, maps and spec tests.

`python -m etl.specification` writes `docs/etl-specification.md`; a test fails while it is stale.
"""
