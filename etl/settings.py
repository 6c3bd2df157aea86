"""The settings of a run: one frozen object, read from the environment and `.env`."""

import os
from datetime import date
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Everything that may differ from one machine to the next (prefix `NPC_OMOP_`)."""

    model_config = SettingsConfigDict(
        env_prefix="NPC_OMOP_", env_file=".env", extra="ignore", frozen=True
    )

    home: Path = Path(".npc-omop")
    warehouse: str | None = None
    key: SecretStr | None = None
    key_file: Path | None = None
    memory_limit: str = "768MB"
    threads: int = os.cpu_count() or 2
    extract_on: date | None = None

    @property
    def landing(self) -> Path:
        """What came in, pseudonymised; readable by its owner only."""
        return self.home / "landing"

    @property
    def lake(self) -> Path:
        """The Parquet files of the steps, one folder a layer; readable by its owner only."""
        return self.home / "lake"

    @property
    def review(self) -> Path:
        """The review files of the studies, kept for the next build; readable by its owner only."""
        return self.home / "review"

    @property
    def postgres(self) -> Path:
        """The embedded server's data; apart, because its parents become readable to others."""
        return self.home / "postgres"

    @property
    def mappings(self) -> Path:
        """Contracts, maps, codelists and the starter vocabulary."""
        return PROJECT / "mappings"
