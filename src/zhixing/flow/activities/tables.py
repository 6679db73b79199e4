"""The workbook tables of this room."""

from zhixing.flow.campaigns.packs import activity_kinds
from zhixing.ground.kernel.tables import Column, Table, register_table

from . import models

register_table(Table(
    "activities", models.Activity, key=("code",), pairs=(("starts_at", "ends_at"),),
    columns=(
        Column("code", "code"),
        Column("kind", "choice", choices=activity_kinds),
        Column("title"),
        Column("unit", "ref", to="units"),
        Column("phase", "ref", to="phases"),
        Column("starts_at", "moment", "starts"),
        Column("ends_at", "moment", "ends"),
        Column("place"),
        Column("host"),
        Column("roster", "roster"),
        Column("headcount", "count"),
        Column("minutes", "long"),
        Column("counterpart", "ref", to="people"),
        Column("pair_kind", "word"),
        Column("theme"),
        Column("materials", "list"),
    ),
))
register_table(Table(
    "attendance", models.Attendance, key=("activity", "person"), unit="activity.unit",
    columns=(
        Column("activity", "ref", to="activities", required=True),
        Column("person", "ref", to="people", required=True),
        Column("status", "choice", choices=models.STATUSES, required=True),
        Column("made_up_on", "day"),
    ),
))
