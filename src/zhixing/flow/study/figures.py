"""The figures of this room."""

from zhixing.ground.kernel.figures import Branch, Figure, Relation, left, register_figures

NOTES = Relation(
    "notes", table="notes", per_person=True, keys={"kind": "is"},
    branches=[Branch("study_note n JOIN units_person p ON p.id = n.person_id", "n.programme_id = %(programme)s", {
        "record": "n.code", "unit_id": "p.unit_id", "day": "n.submitted_on", "kind": "n.kind",
        "label": "n.title", "person_id": "n.person_id"})],
)
TOPICS = Relation(
    "topics", table="topics", per_person=True, keys={"group": "is", "category": "list"},
    branches=[Branch(
        "study_topic t", "t.programme_id = %(programme)s",
        {"record": "t.code", "unit_id": "COALESCE(t.unit_id, p.unit_id)", "day": "NULL", "label": "t.title",
         "group": "t.group_name", "category": "p.categories", "person_id": "t.owner_id"},
        [left("units_person", "p", "t.owner_id")])],
)
REPORTS = Relation(
    "reports", table="reports", per_person=True, keys={"group": "is", "category": "list"},
    branches=[Branch(
        "study_report r", "r.programme_id = %(programme)s",
        {"record": "r.code", "unit_id": "COALESCE(t.unit_id, o.unit_id, p.unit_id)", "day": "r.completed_on",
         "label": "r.title", "group": "t.group_name", "category": "p.categories", "person_id": "r.author_id"},
        [left("study_topic", "t", "r.topic_id"), left("units_person", "o", "t.owner_id"),
         left("units_person", "p", "r.author_id")])],
)
RULES = Relation(
    "rules", table="rules",
    branches=[Branch("study_rule r", "r.programme_id = %(programme)s", {
        "record": "r.code", "unit_id": "r.unit_id", "day": "NULL", "label": "r.title"})],
)
RULES_IN_FORCE = Relation(
    "rules_in_force", table="rules",
    branches=[Branch("study_rule r", "r.programme_id = %(programme)s AND r.status IN ('issued', 'revised')", {
        "record": "r.code", "unit_id": "r.unit_id", "day": "r.issued_on", "label": "r.title"})],
)

register_figures(
    Figure("study.notes_submitted", NOTES, "items", adds="notes"),
    Figure("research.topics", TOPICS, "items", adds="topics"),
    Figure("research.reports", REPORTS, "items", adds="reports"),
    Figure("rules.planned", RULES, "items", adds="rules"),
    Figure("rules.issued", RULES_IN_FORCE, "items", adds="rules"),
)
