"""The figures of this room: ballots, the rate and the score of a poll.

A rate is the share of valid answers in the counted grades; which grades count is part of the poll. A score is
the mean weight of the answers; a score is not a rate."""

from zhixing.ground.kernel.figures import NOT_KNOWN, Branch, Figure, Relation, rank_of, register_figures

from . import reads


def _ballots(count: str) -> Relation:
    return Relation(
        f"ballots_{count}", table="electorate", keys={"poll": "is"},
        branches=[Branch(
            "ballots_electorate e JOIN ballots_poll p ON p.id = e.poll_id", "e.programme_id = %(programme)s",
            {"record": "p.code || '/' || e.group_name", "unit_id": "p.unit_id", "day": "p.held_on",
             "weight": f"e.{count}", "rank": rank_of(f"e.{count}_q"), "label": "e.group_name", "poll": "p.code"})],
    )


WHOLE = ("NOT EXISTS (SELECT 1 FROM ballots_tally x WHERE x.poll_id = t.poll_id AND x.aspect_id = t.aspect_id "
         "AND x.ballots IS NULL)")
"""Where one grade of an aspect is not known, the share and the mean of the others are not either."""

TALLY = ("ballots_tally t JOIN ballots_poll p ON p.id = t.poll_id "
         "JOIN ballots_aspect a ON a.id = t.aspect_id")
OF_TALLY = {"record": "p.code || '/' || a.code || '/' || t.grade", "unit_id": "p.unit_id", "day": "p.held_on",
            "weight": f"CASE WHEN {WHOLE} THEN t.ballots END", "rank": rank_of("t.count_q"), "label": "a.name",
            "poll": "p.code", "aspect": "a.code", "grades": "t.grade"}
COUNTED = (f"CASE WHEN p.counted = '' OR NOT {WHOLE} THEN NULL "
           "WHEN REPLACE(p.counted, ';' || t.grade || ';', '') <> p.counted "
           "THEN t.ballots ELSE 0 END")
TALLIES = Relation(
    "tallies", table="tallies", keys={"poll": "is", "aspect": "is", "grades": "part"},
    branches=[Branch(TALLY, "t.programme_id = %(programme)s", {**OF_TALLY, "part": COUNTED})],
)


def _weighted(programme_id: int) -> list[Branch]:
    cases = [f"WHEN t.poll_id = {poll_id} AND t.grade = '{grade.replace(chr(39), chr(39) * 2).replace('%', '%%')}' "
             f"THEN {weight}" for poll_id, grade, weight in reads.grade_weights(programme_id) if weight is not None]
    weight = f"CASE {' '.join(cases)} END" if cases else NOT_KNOWN
    return [Branch(TALLY, "t.programme_id = %(programme)s", {
        **OF_TALLY, "part": f"CASE WHEN {WHOLE} THEN t.ballots * ({weight}) END",
        "weight": f"CASE WHEN ({weight}) IS NOT NULL AND {WHOLE} THEN t.ballots END"})]


SCORES = Relation("scores", table="tallies", keys={"poll": "is", "aspect": "is"}, branches=_weighted)

register_figures(
    Figure("polls.issued", _ballots("issued"), "ballots", reduce="sum", adds="electorate"),
    Figure("polls.returned", _ballots("returned"), "ballots", reduce="sum", adds="electorate"),
    Figure("polls.valid", _ballots("valid"), "ballots", reduce="sum", adds="electorate"),
    Figure("polls.rate", TALLIES, "share", reduce="rate", adds="tallies"),
    Figure("polls.score", SCORES, "score", reduce="mean", adds="tallies"),
)
