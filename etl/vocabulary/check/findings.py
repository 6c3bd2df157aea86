"""The findings of `vocabulary check`, as a person reads them."""

from etl.vocabulary.check.check import Finding, summary

MOST_LINES = 40


def as_text(findings: list[Finding]) -> str:
    """Write the gravest findings one a line, and say how many there are of each kind."""
    if not findings:
        return "Every line of the maps and codelists agrees with the vocabulary in use."
    lines = []
    for finding in findings[:MOST_LINES]:
        code = f" {finding.source_code}" if finding.source_code else ""
        lines.append(
            f"{'STOPS' if finding.stops_run else 'look '} {finding.file} line {finding.line}{code}:"
            f" {finding.concept_id} {finding.concept_name}: {finding.finding} ({finding.now})"
            + (
                f"; use {finding.replacement_id} {finding.replacement_name}"
                if finding.replacement_id
                else ""
            )
            + (
                ""
                if finding.rows is None
                else f"; {finding.rows:,} rows, {finding.patients:,} patients"
            )
        )
    if len(findings) > MOST_LINES:
        lines.append(f"... and {len(findings) - MOST_LINES} more: --csv FILE writes all")
    kinds = summary(findings)["findings"]
    lines.append(", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
    return "\n".join(lines)
