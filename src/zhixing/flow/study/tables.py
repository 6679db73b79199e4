"""The workbook tables of this room."""

from zhixing.ground.kernel.tables import Column, Table, register_table

from . import models

register_table(Table(
    "materials", models.Material, key=("code",),
    columns=(
        Column("code", "code"),
        Column("title"),
        Column("kind", "word"),
        Column("unit", "ref", to="units"),
        Column("issued", "count"),
        Column("on", "day", "given_on"),
    ),
))
register_table(Table(
    "notes", models.Note, key=("code",), unit="person.unit",
    columns=(
        Column("code", "code"),
        Column("person", "ref", to="people"),
        Column("kind", "choice", choices=models.NOTE_KINDS),
        Column("title"),
        Column("submitted_on", "day"),
        Column("text", "long"),
    ),
))
register_table(Table(
    "topics", models.Topic, key=("code",),
    columns=(
        Column("code", "code"),
        Column("title"),
        Column("owner", "ref", to="people"),
        Column("group"),
        Column("unit", "ref", to="units"),
        Column("due_on", "day"),
    ),
))
register_table(Table(
    "reports", models.Report, key=("code",), unit="topic.unit,author.unit",
    columns=(
        Column("code", "code"),
        Column("topic", "ref", to="topics"),
        Column("title"),
        Column("author", "ref", to="people"),
        Column("completed_on", "day"),
        Column("text", "long"),
    ),
))
register_table(Table(
    "rules", models.Rule, key=("code",),
    columns=(
        Column("code", "code"),
        Column("title"),
        Column("unit", "ref", to="units"),
        Column("status", "choice", choices=models.RULE_STATUSES),
        Column("issued_on", "day"),
    ),
))
