"""cdm.observation_period against a count on the calendar, for any records."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.spec.cdm.eras import day, runner, stretches

EXTRACT = 3000
INPUTS = [
    "stem.event",
    "cdm.visit_occurrence",
    "cdm.note",
    "cdm.death",
    "cdm.person",
    "stage.extract",
]

# Days beyond the extract are bad dates; around 548 days apart the rule is put to the test.
DAYS = st.one_of(st.sampled_from([0, 547, 548, 1095, 1096, 2940, 3000, 3001]), st.integers(0, 3200))


def test_periods_are_those_of_the_calendar(specification):
    run = runner(specification, "cdm.observation_period", INPUTS)

    @settings(
        max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        st.lists(DAYS, max_size=5),
        st.lists(st.tuples(DAYS, st.integers(0, 30)), max_size=4),
        st.lists(DAYS, max_size=3),
        st.one_of(st.none(), DAYS),
    )
    def check(events, visits, notes, died):
        seen = {*events, *notes, *(d for start, length in visits for d in (start, start + length))}
        seen |= set() if died is None else {died}
        last = EXTRACT if died is None else min(EXTRACT, died + 60)
        wanted = [
            (1000 + number, day(first), day(min(final + 60, last)))
            for number, (first, final) in enumerate(stretches((d for d in seen if d <= last), 547))
        ]
        found = run(
            "observation_period_id, observation_period_start_date, observation_period_end_date",
            event=[{"person_id": 1, "domain_id": "Condition", "start_at": day(d)} for d in events],
            visit_occurrence=[
                {
                    "person_id": 1,
                    "visit_start_date": day(start),
                    "visit_end_date": day(start + length),
                }
                for start, length in visits
            ],
            note=[{"person_id": 1, "note_date": day(d)} for d in notes],
            death=[] if died is None else [{"person_id": 1, "death_date": day(died)}],
            person=[{"person_id": 1}],
            extract=[{"extract_on": day(EXTRACT)}],
        )
        assert found == wanted
        assert all(start <= end for _, start, end in found)
        assert all(end < later for (_, _, end), (_, later, _) in pairwise(found))

    check()
