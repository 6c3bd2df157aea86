"""What holds for every test: where CI wants no skip, a skipped test fails the run."""

import os

import pytest

skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what was skipped."""
    if report.skipped:
        skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With NPC_OMOP_NO_SKIP set (CI), a skip is a failure."""
    is_worker = hasattr(session.config, "workerinput")
    if skipped and not is_worker and os.environ.get("NPC_OMOP_NO_SKIP"):
        print(f"\nskipped, and CI allows no skip: {', '.join(skipped)}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own environment must not decide a test."""
    for name in list(os.environ):
        if name.startswith("NPC_OMOP_") and name != "NPC_OMOP_NO_SKIP":
            monkeypatch.delenv(name)
