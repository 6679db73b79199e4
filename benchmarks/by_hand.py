"""Each figure of the catalogue as somebody who knows the tables would write it by hand: the whole subtree of a unit
as at a date, one number. Written without looking at the rooms' relations, and held to give the same number.

A pair is a rate: numerator and denominator. Named parameters: programme, as_of, path, top (the end of the subtree)."""

from __future__ import annotations

SPAN = "AND s.starts <= %(as_of)s AND s.ends > %(as_of)s AND s.path >= %(path)s AND s.path <= %(top)s"
OF = "JOIN units_span s ON s.unit_id = {} " + SPAN
BY = "AND ({0} IS NULL OR {0} <= %(as_of)s)"
OURS = "{}.programme_id = %(programme)s"


def simple(table: str, unit: str, day: str = "", number: str = "COUNT(*)", join: str = "", where: str = "") -> str:
    """A number over one table `x` of the programme."""
    return (f"SELECT {number} FROM {table} x {join} {OF.format(unit)} WHERE {OURS.format('x')} "
            f"{BY.format(day) if day else ''} {where}")


def forms(count: str, day: str) -> str:
    return simple("opinions_formbatch", "COALESCE(x.unit_id, c.unit_id)", day, f"SUM(x.{count})",
                  "LEFT JOIN opinions_channel c ON c.id = x.channel_id")


BACK = "COALESCE(x.returned_on, x.issued_on)"
HEARD = ("opinions_opinion", "COALESCE(x.unit_id, c.unit_id)", "x.received_on")
CHANNEL = "LEFT JOIN opinions_channel c ON c.id = x.channel_id"
MERGED = "EXISTS (SELECT 1 FROM issues_mapping m WHERE m.opinion_id = x.id AND m.relation = 'merged')"
DOUBLE = "EXISTS (SELECT 1 FROM issues_mapping m WHERE m.opinion_id = x.id AND m.relation = 'duplicate')"
ANY = "EXISTS (SELECT 1 FROM issues_mapping m WHERE m.opinion_id = x.id)"

# Presence: who is on the roster and not marked otherwise, who is marked present, and heads where there is no roster.
MARKED = "EXISTS (SELECT 1 FROM activities_attendance t WHERE t.activity_id = a.id AND t.person_id = p.id)"
ON = "COALESCE(a.starts_on, %(as_of)s)"
HOLDER = (f"activities_activity a JOIN units_span s ON s.unit_id = a.unit_id {SPAN}")
UNIT_ROSTER = f"""{HOLDER} JOIN units_span au ON au.unit_id = a.unit_id AND au.starts <= {ON} AND au.ends > {ON}
 JOIN units_span pu ON pu.path BETWEEN au.path AND au.path || '9999999' AND pu.starts <= {ON} AND pu.ends > {ON}
 JOIN units_person p ON p.unit_id = pu.unit_id
 WHERE {OURS.format('a')} AND a.starts_on <= %(as_of)s AND a.kind <> 'talk'
 AND (a.roster = 'unit' OR (a.roster LIKE 'unit:%%' AND p.categories LIKE '%%;' || SUBSTR(a.roster, 6) || ';%%'))"""
GROUP_ROSTER = f"""{HOLDER} JOIN units_group g ON g.programme_id = a.programme_id AND g.code = SUBSTR(a.roster, 7)
 JOIN units_member m ON m.group_id = g.id AND COALESCE(m.from_on, {ON}) <= {ON} AND COALESCE(m.to_on, {ON}) >= {ON}
 JOIN units_person p ON p.id = m.person_id
 WHERE {OURS.format('a')} AND a.starts_on <= %(as_of)s AND a.kind <> 'talk' AND a.roster LIKE 'group:%%'"""
CAME_ON = "CASE WHEN t.status = 'made_up' THEN COALESCE(t.made_up_on, a.starts_on) ELSE a.starts_on END"
ROWS = f"""activities_attendance t JOIN activities_activity a ON a.id = t.activity_id
 JOIN units_span s ON s.unit_id = a.unit_id {SPAN} WHERE {OURS.format('a')} AND a.kind <> 'talk'"""
CAME = f"t.status IN ('present', 'made_up') AND ({CAME_ON}) <= %(as_of)s"
HEADS = f"""{HOLDER} WHERE {OURS.format('a')} AND a.starts_on <= %(as_of)s AND a.kind <> 'talk' AND a.roster = ''"""
TALKS = f"""{HOLDER} WHERE {OURS.format('a')} AND a.starts_on <= %(as_of)s AND a.kind = 'talk'"""
PERSON_TIMES = f"""SELECT (SELECT COUNT(*) FROM {UNIT_ROSTER} AND NOT {MARKED})
 + (SELECT COUNT(*) FROM {GROUP_ROSTER} AND NOT {MARKED})
 + (SELECT COUNT(*) FROM {ROWS} AND {CAME} AND (a.roster <> '' OR a.headcount IS NULL))
 + (SELECT COALESCE(SUM(a.headcount), 0) FROM {HEADS}) + 2 * (SELECT COUNT(*) FROM {TALKS})"""
REACHED = f"""SELECT COUNT(*) FROM (SELECT p.id FROM {UNIT_ROSTER} AND NOT {MARKED}
 UNION SELECT p.id FROM {GROUP_ROSTER} AND NOT {MARKED} UNION SELECT t.person_id FROM {ROWS} AND {CAME}
 UNION SELECT p.id FROM {TALKS.replace(' WHERE ', ' JOIN units_person p ON p.code = a.host WHERE ')}
 UNION SELECT a.counterpart_id FROM {TALKS} AND a.counterpart_id IS NOT NULL) reached"""
LISTED = f"{ROWS} AND a.roster = 'listed' AND a.starts_on <= %(as_of)s"
THERE = """(t.status = 'present' OR (t.status = 'made_up' AND COALESCE(t.made_up_on, a.starts_on) <= %(as_of)s))"""
ROSTERED = f"{ROWS} AND a.roster <> '' AND a.starts_on <= %(as_of)s AND {THERE}"
RATE = f"""SELECT (SELECT COUNT(*) FROM {UNIT_ROSTER} AND NOT {MARKED})
 + (SELECT COUNT(*) FROM {GROUP_ROSTER} AND NOT {MARKED})
 + (SELECT COUNT(*) FROM {ROSTERED}), (SELECT COUNT(*) FROM {UNIT_ROSTER}) + (SELECT COUNT(*) FROM {GROUP_ROSTER})
 + (SELECT COUNT(*) FROM {LISTED})"""
TAKING_PART = (f"""SELECT (SELECT COUNT(*) FROM (SELECT p.id FROM {UNIT_ROSTER} AND NOT {MARKED}
 UNION SELECT p.id FROM {GROUP_ROSTER} AND NOT {MARKED} UNION SELECT t.person_id FROM {ROSTERED}) came),
 (SELECT COUNT(*) FROM (SELECT p.id FROM {UNIT_ROSTER} UNION SELECT p.id FROM {GROUP_ROSTER}
 UNION SELECT t.person_id FROM {LISTED}) expected)""")

# Where an issue stands: its last event as at the date.
LAST = """(SELECT e.kind FROM issues_event e WHERE e.issue_id = x.id AND e.happened_on <= %(as_of)s
 ORDER BY e.happened_on DESC, e.id DESC LIMIT 1)"""
NONE = "NOT EXISTS (SELECT 1 FROM issues_event e WHERE e.issue_id = x.id)"
IS_CLOSED = (f"x.state NOT IN ('follow_up', 'declined') AND (({NONE} AND x.state = 'closed') OR {LAST} = 'closed')")
CLOSED_ON = """COALESCE((SELECT MAX(e.happened_on) FROM issues_event e WHERE e.issue_id = x.id AND e.kind = 'closed'
 AND e.happened_on <= %(as_of)s), x.closed_on)"""
OPEN_LATE = (f"""x.due_on < %(as_of)s AND x.state <> 'declined' AND (x.state = 'follow_up'
 OR ({NONE} AND x.state NOT IN ('handed_in', 'verified', 'closed'))
 OR (EXISTS (SELECT 1 FROM issues_event e WHERE e.issue_id = x.id)
     AND COALESCE({LAST}, 'none') NOT IN ('handed_in', 'verified', 'closed')))""")
ISSUE = ("issues_issue", "x.lead_unit_id", "x.listed_on")
P3 = "(SELECT starts_on FROM campaigns_phase WHERE programme_id = %(programme)s AND code = 'P3')"

VOTES = f"""ballots_tally t JOIN ballots_poll p ON p.id = t.poll_id {OF.format('p.unit_id')}
 WHERE {OURS.format('t')} AND p.held_on <= %(as_of)s"""
COUNTED = "p.counted LIKE '%%;' || t.grade || ';%%'"
GRADE = (
    "CASE t.grade WHEN 'satisfied' THEN 100 WHEN 'mostly' THEN CASE WHEN p.code = 'CP2' THEN 60 ELSE 80 END ELSE 0 END"
)


def ballots(count: str) -> str:
    return (f"SELECT SUM(e.{count}) FROM ballots_electorate e JOIN ballots_poll p ON p.id = e.poll_id "
            f"{OF.format('p.unit_id')} WHERE {OURS.format('e')} AND p.held_on <= %(as_of)s")


VISIT = "LEFT JOIN activities_activity a ON a.id = x.activity_id"
VISITED = ("supervision_inspection", "COALESCE(x.unit_id, a.unit_id)", "a.starts_on")
FIGURES: dict[str, str] = {
    "groups.established": simple("units_group", "x.unit_id"),
    "people.on_roster": f"SELECT COUNT(*) FROM units_person x {OF.format('x.unit_id')}",
    "units.participating": simple("campaigns_participant", "x.unit_id", where="AND x.participates"),
    "activities.held": simple("activities_activity", "x.unit_id", "x.starts_on"),
    "activities.units_held": simple("activities_activity", "x.unit_id", "x.starts_on", "COUNT(DISTINCT x.unit_id)"),
    "activities.person_times": PERSON_TIMES,
    "activities.people_reached": REACHED,
    "activities.attendance_rate": RATE,
    "activities.participation_rate": TAKING_PART,
    "study.notes_submitted": simple("study_note", "p.unit_id", "x.submitted_on",
                                    join="JOIN units_person p ON p.id = x.person_id"),
    "research.topics": simple("study_topic", "x.unit_id"),
    "research.reports": simple("study_report", "t.unit_id", "x.completed_on",
                               join="JOIN study_topic t ON t.id = x.topic_id"),
    "rules.planned": simple("study_rule", "x.unit_id"),
    "rules.issued": simple("study_rule", "x.unit_id", "x.issued_on", where="AND x.status IN ('issued', 'revised')"),
    "channels.open": simple("opinions_channel", "x.unit_id", "x.opened_on",
                            where="AND (x.closed_on IS NULL OR x.closed_on >= %(as_of)s)"),
    "forms.issued": forms("issued", "x.issued_on"),
    "forms.returned": forms("returned", BACK),
    "forms.valid": forms("valid", BACK),
    "forms.return_rate": simple(
        "opinions_formbatch", "COALESCE(x.unit_id, c.unit_id)", "x.issued_on",
        f"SUM(CASE WHEN {BACK} <= %(as_of)s THEN x.returned END), SUM(x.issued)", CHANNEL, "AND x.issued IS NOT NULL"),
    "opinions.received": simple(*HEARD, join=CHANNEL),
    "opinions.echoed": simple(
        "opinions_opinion", "COALESCE(x.unit_id, c.unit_id)", join=CHANNEL,
        where="AND EXISTS (SELECT 1 FROM opinions_echo e WHERE e.opinion_id = x.id AND e.given_on <= %(as_of)s)"),
    "opinions.mapped": simple(*HEARD, join=CHANNEL, where=f"AND {MERGED}"),
    "opinions.duplicate": simple(*HEARD, join=CHANNEL, where=f"AND {DOUBLE} AND NOT {MERGED}"),
    "opinions.out_of_scope": simple(*HEARD, join=CHANNEL, where=f"AND {ANY} AND NOT {MERGED} AND NOT {DOUBLE}"),
    "opinions.unhandled": simple(*HEARD, join=CHANNEL, where=f"AND NOT {ANY}"),
    "issues.listed": simple(*ISSUE),
    "issues.corrected_early": simple("issues_issue", "x.lead_unit_id", where=f"AND {IS_CLOSED} AND {CLOSED_ON} < {P3}"),
    "issues.overdue": simple(*ISSUE, where=f"AND {OPEN_LATE}"),
    "issues.on_time_rate": simple(
        *ISSUE, number=f"SUM(CASE WHEN {IS_CLOSED} AND {CLOSED_ON} <= x.due_on THEN 1 ELSE 0 END), COUNT(*)",
        where=f"AND (({IS_CLOSED}) OR {OPEN_LATE})"),
    "polls.issued": ballots("issued"),
    "polls.returned": ballots("returned"),
    "polls.valid": ballots("valid"),
    "polls.rate": f"SELECT SUM(CASE WHEN {COUNTED} THEN t.ballots ELSE 0 END), SUM(t.ballots) FROM {VOTES}",
    "polls.score": f"SELECT SUM(t.ballots * {GRADE}), SUM(t.ballots) FROM {VOTES}",
    "information.submitted": simple("supervision_information", "x.unit_id", "x.submitted_on"),
    "publicity.items": simple("supervision_publicity", "x.unit_id", "x.shown_on", "SUM(COALESCE(x.items, 1))"),
    "inspections.made": simple(*VISITED, join=VISIT),
    "inspections.findings": simple(*VISITED, join=VISIT, where="AND x.finding <> ''"),
    "filings.filed": simple("filings_filing", "x.unit_id", "x.filed_on"),
    "filings.accepted": simple("filings_filing", "x.unit_id", "x.accepted_on", where="AND x.accepted_on IS NOT NULL"),
}
