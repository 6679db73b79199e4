"""The workbook tables of this room."""

from zhixing.ground.kernel.tables import Column, Table, register_table

from . import models

register_table(Table(
    "information", models.Information, key=("code",),
    columns=(
        Column("code", "code"),
        Column("unit", "ref", to="units"),
        Column("title"),
        Column("kind", "choice", choices=models.INFORMATION_KINDS),
        Column("submitted_on", "day"),
        Column("used_by"),
    ),
))
register_table(Table(
    "publicity", models.Publicity, key=("code",),
    columns=(
        Column("code", "code"),
        Column("unit", "ref", to="units"),
        Column("kind", "choice", choices=models.PUBLICITY_KINDS),
        Column("title"),
        Column("on", "day", "shown_on"),
        Column("count", "count"),
    ),
))
register_table(Table(
    "inspections", models.Inspection, key=("code",), unit="unit,activity.unit", office_only=True,
    columns=(
        Column("code", "code"),
        Column("activity", "ref", to="activities"),
        Column("unit", "ref", to="units"),
        Column("subject", "choice", choices=models.SUBJECTS),
        Column("basis", "choice", choices=models.BASES),
        Column("finding", "long"),
        Column("issue", "ref", to="issues"),
    ),
))
register_table(Table(
    "distinctions", models.Distinction, key=("code",), unit="unit,person.unit", office_only=True,
    columns=(
        Column("code", "code"),
        Column("kind", "choice", choices=models.DISTINCTION_KINDS),
        Column("unit", "ref", to="units"),
        Column("person", "ref", to="people"),
        Column("basis", "long"),
        Column("decided_by"),
        Column("on", "day", "decided_on"),
    ),
))
