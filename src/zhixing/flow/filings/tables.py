"""The workbook tables of this room."""

from zhixing.ground.kernel.tables import Column, Table, register_table

from . import models

register_table(Table(
    "filings", models.Filing, key=("code",),
    columns=(
        Column("code", "code"),
        Column("kind", "word"),
        Column("title"),
        Column("unit", "ref", to="units"),
        Column("phase", "ref", to="phases"),
        Column("filed_on", "day"),
        Column("accepted_on", "day"),
        Column("file"),
    ),
))
