"""cdm.drug_era and cdm.dose_era against a count on the calendar, for any exposures."""

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.spec.cdm.eras import day, runner, stretches

# Two ingredients, a product of both, one of the second alone, and one that nobody knows.
INGREDIENTS = {11: {11}, 12: {12}, 20: {11, 12}, 22: {12}, 30: set(), 0: set()}

# Around 30 days apart the rule is put to the test.
DAYS = st.one_of(st.sampled_from([0, 29, 30, 31, 60, 61, 91]), st.integers(0, 150))

EXPOSURES = st.lists(
    st.tuples(
        st.integers(1, 2),  # person
        st.sampled_from(sorted(INGREDIENTS)),
        DAYS,  # first day
        st.sampled_from([0, 0, 0, 1, 13, 29, 45]),  # days until the last
        st.sampled_from([None, 0.0, 100.0, 100.0, 200.0]),  # amount
    ),
    max_size=14,
)

ANY = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def vocabulary_of_two(specification):
    """The toy vocabulary above."""
    concepts = [(11, "Ingredient"), (12, "Ingredient"), (20, "Clinical Drug")]
    concepts += [(22, "Clinical Drug"), (30, "Clinical Drug")]
    rows = "\n".join(f"{number} | {kind}" for number, kind in concepts)
    specification.given("vocabulary.concept", f"concept_id | concept_class_id\n{rows}")
    links = {(a, d) for d, known in INGREDIENTS.items() for a in {*known, d} if d}
    rows = "\n".join(f"{a} | {d}" for a, d in sorted(links))
    specification.given(
        "vocabulary.concept_ancestor", f"ancestor_concept_id | descendant_concept_id\n{rows}"
    )
    return specification


def rows_of(exposures):
    return [
        {
            "drug_exposure_id": number * 100000 + 7000,
            "person_id": person,
            "drug_concept_id": drug,
            "drug_exposure_start_date": day(start),
            "drug_exposure_end_date": day(start + length),
            "quantity": amount,
            "dose_unit_source_value": "mg",
        }
        for number, (person, drug, start, length, amount) in enumerate(exposures, 1)
    ]


def test_drug_eras_are_those_of_the_calendar(vocabulary_of_two):
    run = runner(vocabulary_of_two, "cdm.drug_era", ["cdm.drug_exposure"])

    @ANY
    @given(EXPOSURES)
    def check(exposures):
        days, starts = defaultdict(set), defaultdict(list)
        for person, drug, start, length, _ in exposures:
            for ingredient in INGREDIENTS[drug]:
                days[person, ingredient] |= set(range(start, start + length + 1))
                starts[person, ingredient].append(start)
        wanted = sorted(
            (
                person,
                ingredient,
                day(first),
                day(last),
                sum(first <= start <= last for start in starts[person, ingredient]),
                sum(number not in taken for number in range(first, last + 1)),
            )
            for (person, ingredient), taken in days.items()
            for first, last in stretches(taken, 30)
        )
        columns = "person_id, drug_concept_id, drug_era_start_date, drug_era_end_date,"
        found = run(
            f"{columns} drug_exposure_count, gap_days, drug_era_id",
            drug_exposure=rows_of(exposures),
        )
        assert [row[:6] for row in found] == wanted
        assert len({row[6] for row in found}) == len(found)

    check()


def test_the_order_of_the_exposures_changes_no_era(vocabulary_of_two):
    run = runner(vocabulary_of_two, "cdm.drug_era", ["cdm.drug_exposure"])

    @ANY
    @given(EXPOSURES)
    def check(exposures):
        rows = rows_of(exposures)
        assert run("*", drug_exposure=rows) == run("*", drug_exposure=rows[::-1])

    check()


def test_dose_eras_are_those_of_the_calendar(vocabulary_of_two):
    run = runner(vocabulary_of_two, "cdm.dose_era", ["cdm.drug_exposure"])

    @ANY
    @given(EXPOSURES)
    def check(exposures):
        amounts = defaultdict(list)
        for number, (person, drug, start, length, amount) in enumerate(exposures):
            if amount and len(INGREDIENTS[drug]) == 1:
                [ingredient] = INGREDIENTS[drug]
                amounts[person, ingredient, start, start + length].append((number, amount))
        doses = defaultdict(list)
        for (person, ingredient, start, end), given_then in amounts.items():
            dose = round(sum(amount for _, amount in given_then) / (end - start + 1), 3)
            doses[person, ingredient].append((start, min(given_then)[0], end, dose))
        wanted = []
        for (person, ingredient), listed in doses.items():
            eras: list[list[float]] = []
            last_end = None
            for start, _, end, dose in sorted(listed):
                if eras and eras[-1][2] == dose and start - last_end <= 30:
                    eras[-1][1] = max(eras[-1][1], end)
                else:
                    eras.append([start, end, dose])
                last_end = end
            wanted += [(person, ingredient, d, day(int(f)), day(int(e))) for f, e, d in eras]
        columns = "person_id, drug_concept_id, dose_value, dose_era_start_date, dose_era_end_date"
        found = run(f"{columns}, dose_era_id", drug_exposure=rows_of(exposures))
        assert sorted(row[:5] for row in found) == sorted(wanted)
        assert len({row[5] for row in found}) == len(found)

    check()
