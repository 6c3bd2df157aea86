"""cdm.condition_era against a count on the calendar, for any diagnoses."""

from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.spec.cdm.eras import day, runner, stretches

PRELIMINARY = 32899

DAYS = st.one_of(st.sampled_from([0, 29, 30, 31, 60, 61, 91]), st.integers(0, 150))

DIAGNOSES = st.lists(
    st.tuples(
        st.integers(1, 2),  # person
        st.sampled_from([0, 36684473, 45768977]),
        DAYS,  # first day
        st.sampled_from([None, None, 0, 5, 40]),  # days until its end
        st.sampled_from([None, 32902, PRELIMINARY]),
    ),
    max_size=14,
)


def test_condition_eras_are_those_of_the_calendar(specification):
    run = runner(specification, "cdm.condition_era", ["cdm.condition_occurrence"])

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(DIAGNOSES)
    def check(diagnoses):
        days, starts, rows = defaultdict(set), defaultdict(list), []
        for number, (person, concept, start, length, status) in enumerate(diagnoses, 1):
            rows.append(
                {
                    "condition_occurrence_id": number * 100000 + 3000,
                    "person_id": person,
                    "condition_concept_id": concept,
                    "condition_start_date": day(start),
                    "condition_end_date": None if length is None else day(start + length),
                    "condition_status_concept_id": status,
                }
            )
            if concept and status != PRELIMINARY:
                days[person, concept] |= set(range(start, start + (length or 0) + 1))
                starts[person, concept].append(start)
        wanted = sorted(
            (
                person,
                concept,
                day(first),
                day(last),
                sum(first <= start <= last for start in starts[person, concept]),
            )
            for (person, concept), taken in days.items()
            for first, last in stretches(taken, 30)
        )
        columns = "person_id, condition_concept_id, condition_era_start_date,"
        columns += " condition_era_end_date, condition_occurrence_count, condition_era_id"
        found = run(columns, condition_occurrence=rows)
        assert [row[:5] for row in found] == wanted
        assert len({row[5] for row in found}) == len(found)
        assert found == run(columns, condition_occurrence=rows[::-1])

    check()
