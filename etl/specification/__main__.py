"""`python -m etl.specification`: write `docs/etl-specification.md` anew."""

from etl.specification.document import FILE, specification

if __name__ == "__main__":
    FILE.write_text(specification(), encoding="utf-8")
    print(f"written: {FILE.name}")
