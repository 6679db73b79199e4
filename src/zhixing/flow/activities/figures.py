"""The figures of this room: what was held, and presence.

Presence is derived: everybody on an activity's roster was there unless a row says otherwise, and a row may
name somebody whom the roster does not know. A roster is that of the activity's day; an activity without a
date takes the roster of the as-of date. Without a roster a head-count stands for the people, and without that
the people whom rows name. A talk is two people."""

from dataclasses import replace

from zhixing.ground.kernel.figures import NOT_KNOWN, Branch, Figure, Flag, Relation, left, rank_of, register_figures

PHASE = left("campaigns_phase", "ph", "a.phase_id")
ACTIVITY = "activities_activity a"
DAY = "COALESCE(a.starts_on, %(as_of)s)"
MADE_UP_DAY = "COALESCE(t.made_up_on, a.starts_on)"
OURS = "a.programme_id = %(programme)s"
HOST = "(SELECT host_unit_id FROM units_programme WHERE id = %(programme)s)"
HOLDER = f"COALESCE(a.unit_id, {HOST})"
NOT_A_TALK = f"{OURS} AND a.kind <> 'talk'"
UNMARKED = ("NOT EXISTS (SELECT 1 FROM activities_attendance t WHERE t.activity_id = a.id "
            "AND t.person_id = p.id)")
BY_UNIT = "(a.roster = 'unit' OR a.roster LIKE 'unit:%%')"


def _of_category(person: str) -> str:
    return (f"(a.roster = 'unit' OR REPLACE({person}.categories, ';' || SUBSTR(a.roster, 6) || ';', '') "
            f"<> {person}.categories)")


OF_CATEGORY = _of_category("p")

UNIT_ROSTER = f"""activities_activity a
 JOIN units_span au ON au.unit_id = {HOLDER} AND au.starts <= {DAY} AND au.ends > {DAY}
 JOIN units_span pu ON pu.path >= au.path AND pu.path <= au.path || '9999999' AND pu.starts <= {DAY} AND pu.ends > {DAY}
 JOIN units_person p ON p.unit_id = pu.unit_id"""


def _member_on(member: str) -> str:
    return (f"({member}.from_on IS NULL OR {member}.from_on <= {DAY}) "
            f"AND ({member}.to_on IS NULL OR {member}.to_on >= {DAY})")


GROUP_ROSTER = f"""activities_activity a
 JOIN units_group g ON g.programme_id = a.programme_id AND g.code = SUBSTR(a.roster, 7)
 JOIN units_member m ON m.group_id = g.id AND {_member_on("m")}
  AND NOT EXISTS (SELECT 1 FROM units_member x WHERE x.group_id = m.group_id AND x.person_id = m.person_id
                  AND x.id < m.id AND {_member_on("x")})
 JOIN units_person p ON p.id = m.person_id"""
"""Somebody whose periods in a group overlap is in it once."""

MARKED = "activities_attendance t JOIN activities_activity a ON a.id = t.activity_id"
WHO = left("units_person", "p", "t.person_id")
IS_GROUP = "a.roster LIKE 'group:%%'"

KEYS = {"kind": "a.kind", "phase": "ph.code", "host": "a.host", "pair_kind": "a.pair_kind"}
OF_ACTIVITY = {"record": "a.code", "unit_id": "a.unit_id", "day": "a.starts_on", "label": "a.title", **KEYS}
OF_PERSON = {"record": "a.code || '/' || p.code", "unit_id": "a.unit_id", "day": "a.starts_on",
             "label": "p.name", "subject": "p.id", "subject_code": "p.code", "person_id": "p.id", "part": "1", **KEYS}
OF_MARK = {**OF_PERSON, "day": MADE_UP_DAY, "subject": "t.person_id", "person_id": "t.person_id"}
MATCHES = {"kind": "is", "phase": "is"}

ACTIVITIES = Relation(
    "activities", table="activities", keys={**MATCHES, "host": "is", "pair_kind": "is"},
    branches=[Branch(ACTIVITY, OURS, OF_ACTIVITY, [PHASE])],
)
UNITS_HOLDING = Relation(
    "units_holding", table="units", keys=MATCHES,
    branches=[Branch(ACTIVITY, OURS,
                     {**OF_ACTIVITY, "subject": HOLDER, "subject_code": "u.code", "label": "u.name"},
                     [PHASE, left("units_unit", "u", HOLDER)])],
)

FOLLOWING = [
    Branch(UNIT_ROSTER, (NOT_A_TALK, BY_UNIT, OF_CATEGORY, UNMARKED), OF_PERSON, [PHASE]),
    Branch(GROUP_ROSTER, (NOT_A_TALK, IS_GROUP, UNMARKED), OF_PERSON, [PHASE]),
]
"""Present because on the roster and not marked otherwise."""

THERE = "(t.status = 'present' OR t.status = 'made_up')"
PERSON_TIMES = Relation(
    "person_times", table="activities", keys=MATCHES, per_person=True, family="presence",
    branches=[
        *FOLLOWING,
        Branch(MARKED, (NOT_A_TALK, THERE, "(a.roster <> '' OR a.headcount IS NULL)"), OF_MARK,
               [PHASE, WHO], "a.code"),
        Branch(ACTIVITY,
               (NOT_A_TALK, "a.roster = ''", "(a.headcount IS NOT NULL OR NOT EXISTS "
                "(SELECT 1 FROM activities_attendance t WHERE t.activity_id = a.id))"),
               {**OF_ACTIVITY, "weight": "a.headcount", "rank": rank_of("a.headcount_q"), "person_id": NOT_KNOWN},
               [PHASE]),
        Branch(ACTIVITY, (OURS, "a.kind = 'talk'"),
               {**OF_ACTIVITY, "weight": "2", "person_id": NOT_KNOWN}, [PHASE]),
    ],
)
REACHED = Relation(
    "people_reached", table="people", keys=MATCHES, family="presence",
    branches=[
        *FOLLOWING,
        Branch(MARKED, (NOT_A_TALK, THERE), OF_MARK, [PHASE, WHO], "a.code"),
        *(Branch(f"{ACTIVITY} JOIN units_person p ON {whom}", (OURS, "a.kind = 'talk'"),
                 OF_PERSON, [PHASE]) for whom in ("p.code = a.host", "p.id = a.counterpart_id")),
    ],
)

CAME = Flag("CASE WHEN t.status = 'present' OR (t.status = 'made_up' AND "
            "COALESCE(t.made_up_on, a.starts_on, %(as_of)s) <= %(as_of)s) THEN 1 ELSE 0 END")
ON_UNIT_ROSTER = f"""EXISTS (SELECT 1 FROM units_person who JOIN units_span au ON au.unit_id = {HOLDER}
 JOIN units_span pu ON pu.unit_id = who.unit_id AND pu.path >= au.path AND pu.path <= au.path || '9999999'
 WHERE who.id = t.person_id AND {_of_category("who")}
 AND au.starts <= {DAY} AND au.ends > {DAY} AND pu.starts <= {DAY} AND pu.ends > {DAY})"""
ON_GROUP_ROSTER = f"""EXISTS (SELECT 1 FROM units_group g JOIN units_member m ON m.group_id = g.id
 WHERE g.programme_id = a.programme_id AND g.code = SUBSTR(a.roster, 7) AND m.person_id = t.person_id
 AND {_member_on("m")})"""
ON_ROSTER = Flag(f"CASE WHEN a.roster = 'listed' OR ({BY_UNIT} AND {ON_UNIT_ROSTER}) "
                 f"OR ({IS_GROUP} AND {ON_GROUP_ROSTER}) THEN 1 ELSE 0 END")
EXPECTED = Relation(
    "expected", table="activities", keys=MATCHES, family="presence",
    branches=[
        *FOLLOWING,
        Branch(MARKED, (NOT_A_TALK, "a.roster <> ''"),
               {**OF_MARK, "day": "a.starts_on", "part": CAME, "weight": ON_ROSTER}, [PHASE, WHO], "a.code"),
        Branch(ACTIVITY, (NOT_A_TALK, "a.roster = ''"),
               {**OF_ACTIVITY, "weight": NOT_KNOWN, "part": NOT_KNOWN,
                "subject": NOT_KNOWN, "subject_code": "''"}, [PHASE]),
    ],
)

EXPECTED_PEOPLE = replace(EXPECTED, table="people")

register_figures(
    Figure("activities.held", ACTIVITIES, "items", adds="activities"),
    Figure("activities.units_held", UNITS_HOLDING, "units", reduce="distinct", adds="activities"),
    Figure("activities.person_times", PERSON_TIMES, "person_times", reduce="sum", adds="activities"),
    Figure("activities.people_reached", REACHED, "people", reduce="distinct", adds="activities"),
    Figure("activities.attendance_rate", EXPECTED, "share", reduce="rate", shown="part", adds="attendance"),
    Figure("activities.participation_rate", EXPECTED_PEOPLE, "share", reduce="distinct_rate", adds="attendance"),
)
