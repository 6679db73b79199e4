"""The figures of this room."""

from zhixing.ground.kernel.figures import Branch, Figure, Relation, left, rank_of, register_figures

INFORMATION = Relation(
    "information", table="information", keys={"unit": "unit", "kind": "is"},
    branches=[Branch("supervision_information i", "i.programme_id = %(programme)s", {
        "record": "i.code", "unit_id": "i.unit_id", "day": "i.submitted_on", "kind": "i.kind",
        "label": "i.title"})],
)
PUBLICITY = Relation(
    "publicity", table="publicity", keys={"kind": "is"},
    branches=[Branch("supervision_publicity p", "p.programme_id = %(programme)s", {
        "record": "p.code", "unit_id": "p.unit_id", "day": "p.shown_on", "kind": "p.kind", "label": "p.title",
        "weight": "COALESCE(p.items, 1)",
        "rank": f"CASE WHEN p.items IS NULL THEN 0 ELSE {rank_of('p.count_q')} END"})],
)
OF_INSPECTION = {"record": "i.code", "unit_id": "COALESCE(i.unit_id, a.unit_id)", "day": "a.starts_on",
                 "basis": "i.basis", "label": "i.finding"}
INSPECTION = "supervision_inspection i"
VISIT = [left("activities_activity", "a", "i.activity_id")]
INSPECTIONS = Relation(
    "inspections", table="inspections", keys={"basis": "is"},
    branches=[Branch(INSPECTION, "i.programme_id = %(programme)s", OF_INSPECTION, VISIT)],
)
FINDINGS = Relation(
    "findings", table="inspections", keys={"basis": "is"},
    branches=[Branch(INSPECTION, "i.programme_id = %(programme)s AND i.finding <> ''", OF_INSPECTION, VISIT)],
)

register_figures(
    Figure("information.submitted", INFORMATION, "items", adds="information"),
    Figure("publicity.items", PUBLICITY, "items", reduce="sum", adds="publicity"),
    Figure("inspections.made", INSPECTIONS, "items", adds="inspections"),
    Figure("inspections.findings", FINDINGS, "items", adds="inspections"),
)
