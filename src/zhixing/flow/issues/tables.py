"""The workbook tables of this room."""

from zhixing.ground.kernel.tables import Column, Table, register_table

from . import models

register_table(Table(
    "issues", models.Issue, key=("code",), unit="lead_unit", office_only=True,
    columns=(
        Column("code", "code"),
        Column("title"),
        Column("statement", "long"),
        Column("target", "choice", choices=models.TARGETS),
        Column("prominent", "yesno"),
        Column("lead_unit", "ref", to="units"),
        Column("responsible", "ref", to="people"),
        Column("assisting", "list"),
        Column("horizon", "choice", choices=models.HORIZONS),
        Column("listed_on", "day"),
        Column("due_on", "day"),
        Column("state", "choice", choices=models.STATES),
        Column("closed_on", "day"),
    ),
))
register_table(Table(
    "issue_sources", models.IssueSource, key=("issue", "kind", "code"), loose=("code",),
    unit="issue.lead_unit", office_only=True,
    columns=(
        Column("issue", "ref", to="issues", required=True),
        Column("kind", "choice", choices=models.SOURCE_KINDS, required=True),
        Column("code"),
    ),
))
register_table(Table(
    "mapping", models.Mapping, key=("opinion", "issue"), loose=("issue",),
    unit="opinion.unit,opinion.channel.unit", office_only=True,
    columns=(
        Column("opinion", "ref", to="opinions", required=True),
        Column("issue", "ref", to="issues"),
        Column("relation", "choice", choices=models.RELATIONS, required=True),
        Column("reason", "long"),
    ),
))
register_table(Table(
    "events", models.Event, key=("issue", "kind", "on", "by", "text"), loose=("on", "by", "text"),
    unit="issue.lead_unit", append_only=True, office_only=True,
    columns=(
        Column("issue", "ref", to="issues", required=True),
        Column("kind", "choice", choices=models.EVENT_KINDS, required=True),
        Column("on", "day", "happened_on"),
        Column("by"),
        Column("text", "long"),
    ),
))
