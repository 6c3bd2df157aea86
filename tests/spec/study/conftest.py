"""The study's chapter of the specification: its steps on a CDM written by hand.

`index_patient` is person 1, a man born in June 1970: nasopharyngeal carcinoma, a lung
metastasis on imaging of 2023-01-10, toripalimab with gemcitabine and cisplatin on 2023-03-01 (the index date).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from etl.engine.plan import Step
from etl.study.definition import NPC_LUNG_PD1, setting_step, sources, study_steps
from etl.warehouse import spec

STEPS = study_steps()


@pytest.fixture
def specification(specification: Any, tmp_path: Path) -> Any:
    """A test's database with an empty CDM, and the study's steps instead of the ETL's."""

    class StudySpecification(type(specification)):  # type: ignore[misc]
        changed: dict[str, Any] = {}  # noqa: RUF012

        def create_cdm(self) -> None:
            self.con.execute("CREATE SCHEMA cdm")
            for table in sources(STEPS):
                if table.startswith("cdm."):
                    listed = ", ".join(
                        f'"{c}" {kind}' for c, kind in self.columns_of(table).items()
                    )
                    self.con.execute(f"CREATE TABLE {table} ({listed})")

        @property
        def steps(self) -> list[Step]:
            if not self.changed:
                return STEPS
            settings = yaml.safe_load((NPC_LUNG_PD1 / "settings.yaml").read_text(encoding="utf-8"))
            unknown = set(self.changed) - set(settings)
            assert not unknown, f"no setting {unknown}"
            path = tmp_path / "settings.yaml"
            path.write_text(yaml.safe_dump({**settings, **self.changed}), encoding="utf-8")
            return [setting_step(path) if s.table == "study.setting" else s for s in STEPS]

        def columns_of(self, table: str) -> dict[str, str]:
            layer, name = table.split(".")
            if layer == "cdm":
                return {column.name: column.duckdb_type for column in spec.columns(name)}
            return dict(super().columns_of(table))

    specification.__class__ = StudySpecification
    specification.create_cdm()
    return specification


@pytest.fixture
def setting(specification: Any) -> Callable[..., None]:
    """Change settings of the study: `setting(min_kps=70)`."""

    def change(**values: Any) -> None:
        specification.changed = {**specification.changed, **values}

    return change


@pytest.fixture
def index_patient(given: Callable[[str, str], None]) -> None:
    """Person 1, with an index date of 2023-03-01."""
    given(
        "cdm.person",
        """
        person_id | gender_concept_id | year_of_birth | month_of_birth
        1         | 8507              | 1970          | 6
        """,
    )
    given(
        "cdm.condition_occurrence",
        """
        person_id | condition_occurrence_id | condition_concept_id | condition_start_date
        1         | 11                      | 36684473             | 2020-05-04
        """,
    )
    given(
        "cdm.measurement",
        """
        person_id | measurement_id | measurement_concept_id | measurement_date | measurement_type_concept_id
        1         | 12             | 36770283               | 2023-01-10       | 32841
        """,
    )
    given(
        "cdm.drug_exposure",
        """
        person_id | drug_exposure_id | drug_concept_id | drug_exposure_start_date | drug_type_concept_id
        1         | 13               | 747052          | 2023-03-01               | 32818
        1         | 14               | 1314924         | 2023-03-01               | 32818
        1         | 15               | 1397599         | 2023-03-01               | 32818
        """,
    )


@pytest.fixture
def course(given: Callable[[str, str], None]) -> Callable[..., None]:
    """Give one delivered course."""
    number = iter(range(700, 800, 10))

    def give(began: str, ended: str, gy: float = 70, site: str = "nasopharynx") -> None:
        one = next(number)
        given(
            "cdm.episode",
            f"""
            person_id | episode_id | episode_concept_id | episode_start_date | episode_end_date
            1         | {one}      | 32940              | {began}            | {ended}
            """,
        )
        given(
            "cdm.measurement",
            f"""
            person_id | measurement_id | measurement_concept_id | measurement_date | value_as_number | measurement_event_id | meas_event_field_concept_id
            1         | {one + 1}      | 2000000036             | {began}          | {gy}            | {one}                | 756290
            """,
        )
        given(
            "cdm.observation",
            f"""
            person_id | observation_id | observation_concept_id | observation_date | value_as_string | observation_event_id | obs_event_field_concept_id
            1         | {one + 2}      | 2000000039             | {began}          | {site}          | {one}                | 756290
            """,
        )

    return give


@pytest.fixture
def told(given: Callable[[str, str], None]) -> Callable[..., None]:
    """Give one treatment elsewhere, told in a note: `told("2022-06")`; radiotherapy of the nasopharynx unless said."""
    number = iter(range(800, 900))

    def give(
        date: str, concept: int = 2000000391, noted: str = "2023-01-20", gy: float | None = None
    ) -> None:
        one = next(number)
        given(
            "cdm.observation",
            f"""
            person_id | observation_id | observation_concept_id | observation_date | observation_type_concept_id | value_as_string | value_as_concept_id
            1         | {one}          | {concept}              | {noted}          | 32858                       | {date}          | 2000000398
            """,
        )
        if gy:
            given(
                "cdm.measurement",
                f"""
                person_id | measurement_id | measurement_concept_id | measurement_date | value_as_number | measurement_event_id | meas_event_field_concept_id
                1         | {one}          | 2000000036             | {noted}          | {gy}            | {one}                | 1147165
                """,
            )

    return give
