"""The figures of this room."""

from zhixing.ground.kernel.figures import Branch, Figure, Relation, left, register_figures

FILING = "filings_filing f"
PHASE = [left("campaigns_phase", "ph", "f.phase_id")]
OF_FILING = {"record": "f.code", "unit_id": "f.unit_id", "day": "f.filed_on", "kind": "f.kind",
             "phase": "ph.code", "label": "f.title"}
FILED = Relation(
    "filed", table="filings", keys={"kind": "is", "phase": "is"},
    branches=[Branch(FILING, "f.programme_id = %(programme)s", OF_FILING, PHASE)],
)
ACCEPTED = Relation(
    "accepted", table="filings", keys={"kind": "is", "phase": "is"},
    branches=[Branch(FILING, "f.programme_id = %(programme)s AND f.accepted_on IS NOT NULL",
                     {**OF_FILING, "day": "f.accepted_on"}, PHASE)],
)

register_figures(
    Figure("filings.filed", FILED, "items", adds="filings"),
    Figure("filings.accepted", ACCEPTED, "items", adds="filings"),
)
