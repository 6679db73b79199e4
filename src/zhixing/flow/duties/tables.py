"""The workbook tables of this room."""

from zhixing.ground.kernel.tables import Column, Table, register_table

from . import models

register_table(Table(
    "duties", models.Duty, key=("code",), unit="", office_only=True,
    columns=(
        Column("code", "code"),
        Column("phase", "ref", to="phases"),
        Column("name"),
        Column("figure", "figure", required=True),
        Column("where", "where"),
        Column("at_least", "number"),
        Column("due_on", "day"),
        Column("applies_to", "owers"),
    ),
))
register_table(Table(
    "waivers", models.Waiver, key=("duty", "unit"), office_only=True,
    columns=(
        Column("duty", "ref", to="duties", required=True),
        Column("unit", "ref", to="units", required=True),
        Column("reason", "long"),
        Column("by"),
        Column("on", "day", "waived_on"),
    ),
))
