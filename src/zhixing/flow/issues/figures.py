"""The figures of this room: how opinions were handled, and where issues stand."""

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.kernel.figures import Branch, Figure, Relation, left, register_figures

OPINION = "opinions_opinion o"
CHANNEL = [left("opinions_channel", "c", "o.channel_id")]
HANDLED = """CASE (SELECT MIN(CASE m.relation WHEN 'merged' THEN 1 WHEN 'duplicate' THEN 2 ELSE 3 END)
 FROM issues_mapping m WHERE m.opinion_id = o.id)
 WHEN 1 THEN 'merged' WHEN 2 THEN 'duplicate' WHEN 3 THEN 'out_of_scope' ELSE 'unhandled' END"""
HANDLING = Relation(
    "handling", table="opinions", keys={"channel_kind": "is", "target": "is"}, family="handling",
    branches=[Branch(OPINION, "o.programme_id = %(programme)s", {
        "record": "o.code", "unit_id": "COALESCE(o.unit_id, c.unit_id)", "day": "o.received_on",
        "label": "o.text", "channel_kind": "c.kind", "target": "o.target", "handled": HANDLED}, CHANNEL)],
)

LAST_EVENT = """(SELECT e.kind FROM issues_event e WHERE e.issue_id = i.id
 AND (e.happened_on IS NULL OR e.happened_on <= %(as_of)s)
 ORDER BY e.happened_on IS NULL, e.happened_on DESC, e.id DESC LIMIT 1)"""
NO_EVENTS = "NOT EXISTS (SELECT 1 FROM issues_event e WHERE e.issue_id = i.id)"
STATE = f"""CASE
 WHEN i.state IN ('follow_up', 'declined') AND (i.closed_on IS NULL OR i.closed_on <= %(as_of)s) THEN i.state
 WHEN {NO_EVENTS} THEN CASE WHEN i.state = 'closed' AND i.closed_on > %(as_of)s THEN 'open'
                            WHEN i.state = '' THEN 'open' ELSE i.state END
 ELSE CASE {LAST_EVENT} WHEN 'dispatched' THEN 'dispatched' WHEN 'handed_in' THEN 'handed_in'
   WHEN 'verified' THEN 'verified' WHEN 'closed' THEN 'closed' WHEN 'returned_to_office' THEN 'open'
   WHEN 'reopened' THEN 'open' WHEN 'extended' THEN 'in_progress' WHEN 'paused' THEN 'in_progress'
   WHEN 'resumed' THEN 'in_progress' WHEN 'progress' THEN 'in_progress' WHEN 'rejected' THEN 'in_progress'
   ELSE 'open' END END"""
"""Where an issue stands as at the date: by its last event, else by the state column."""

CLOSED_ON = """COALESCE((SELECT MAX(e.happened_on) FROM issues_event e WHERE e.issue_id = i.id AND e.kind = 'closed'
 AND e.happened_on <= %(as_of)s), i.closed_on)"""
ISSUE = "issues_issue i"
LEAD = [left("units_unit", "u", "i.lead_unit_id")]
OF_ISSUE = {"record": "i.code", "unit_id": "i.lead_unit_id", "day": "i.listed_on", "label": "i.title",
            "lead_unit": "u.code", "target": "i.target", "state": STATE,
            "prominent": "CASE WHEN i.prominent THEN 'yes' WHEN NOT i.prominent THEN 'no' ELSE '' END"}
OURS = "i.programme_id = %(programme)s"
ISSUES = Relation(
    "issues", table="issues", keys={"target": "is", "prominent": "is", "state": "is", "lead_unit": "is"},
    branches=[Branch(ISSUE, OURS, OF_ISSUE, LEAD)],
)
PAST_DUE = (f"i.due_on < %(as_of)s AND {STATE} NOT IN ('handed_in', 'verified', 'closed', 'declined')")
OVERDUE = Relation(
    "overdue", table="issues", keys={"lead_unit": "is"},
    branches=[Branch(ISSUE, f"{OURS} AND {PAST_DUE}", OF_ISSUE, LEAD)],
)
CLOSED = f"{OURS} AND {STATE} = 'closed'"
ON_TIME = Relation(
    "on_time", table="issues", keys={"lead_unit": "is"},
    branches=[
        Branch(ISSUE, CLOSED, {
            **OF_ISSUE, "weight": f"CASE WHEN i.due_on IS NOT NULL AND {CLOSED_ON} IS NOT NULL THEN 1 END",
            "part": f"CASE WHEN {CLOSED_ON} <= i.due_on THEN 1 ELSE 0 END"}, LEAD),
        Branch(ISSUE, f"{OURS} AND {PAST_DUE}", {**OF_ISSUE, "part": "0"}, LEAD),
    ],
)


def _corrected_early(programme_id: int) -> list[Branch]:
    """Closed before the rectification phase begins; where no phase is one, nothing is early."""
    phase = campaigns.rectification_phase(programme_id)
    begins = f"'{phase.starts_on.isoformat()}'" if phase is not None and phase.starts_on is not None else "NULL"
    return [Branch(ISSUE, f"{CLOSED} AND {CLOSED_ON} < {begins}", {**OF_ISSUE, "day": CLOSED_ON}, LEAD)]


EARLY = Relation("corrected_early", table="issues", keys={"lead_unit": "is"}, branches=_corrected_early)

register_figures(
    Figure("opinions.mapped", HANDLING, "items", only={"handled": ("merged",)}, adds="mapping"),
    Figure("opinions.duplicate", HANDLING, "items", only={"handled": ("duplicate",)}, adds="mapping"),
    Figure("opinions.out_of_scope", HANDLING, "items", only={"handled": ("out_of_scope",)}, adds="mapping"),
    Figure("opinions.unhandled", HANDLING, "items", only={"handled": ("unhandled",)}, adds="mapping"),
    Figure("issues.listed", ISSUES, "items", adds="issues"),
    Figure("issues.corrected_early", EARLY, "items", adds="events"),
    Figure("issues.overdue", OVERDUE, "items", adds="events"),
    Figure("issues.on_time_rate", ON_TIME, "share", reduce="rate", adds="events"),
)
