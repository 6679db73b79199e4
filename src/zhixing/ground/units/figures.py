"""The figures of this room."""

from zhixing.ground.kernel.figures import Branch, Figure, Relation, register_figures

GROUPS = Relation(
    "groups", table="groups", keys={"kind": "is", "unit": "unit"},
    branches=[Branch("units_group g", "g.programme_id = %(programme)s", {
        "record": "g.code", "unit_id": "g.unit_id", "day": "NULL", "kind": "g.kind", "label": "g.name"})],
)
PEOPLE = Relation(
    "people", table="people", per_person=True, keys={"category": "list", "unit": "unit"},
    branches=[Branch("units_person p", "1 = 1", {
        "record": "p.code", "unit_id": "p.unit_id", "day": "NULL", "category": "p.categories",
        "label": "p.name", "person_id": "p.id"})],
)

register_figures(
    Figure("groups.established", GROUPS, "items", adds="groups"),
    Figure("people.on_roster", PEOPLE, "people", adds="people"),
)
