"""The figures of this room."""

from zhixing.ground.kernel.figures import Branch, Figure, Relation, rank_of, register_figures

PARTICIPANTS = Relation(
    "participants", table="units", keys={"kind": "is"},
    branches=[Branch(
        "campaigns_participant c JOIN units_unit u ON u.id = c.unit_id",
        "c.programme_id = %(programme)s AND c.participates",
        {"record": "u.code", "unit_id": "u.id", "day": "NULL", "kind": "u.kind", "label": "u.name"})],
)
FACTS = Relation(
    "facts", table="stated_facts", keys={"code": "is"},
    branches=[Branch(
        "campaigns_statedfact f JOIN units_programme g ON g.id = f.programme_id",
        "f.programme_id = %(programme)s",
        {"record": "f.code", "unit_id": "g.host_unit_id", "day": "f.stated_on", "weight": "f.value",
         "rank": rank_of("f.value_q"), "label": "f.name", "code": "f.code"})],
)

register_figures(
    Figure("units.participating", PARTICIPANTS, "units", adds="units"),
    Figure("facts.stated", FACTS, "stated", reduce="single", needs=("code",), adds="stated_facts"),
)
