"""The workbook tables of this room."""

from zhixing.ground.kernel.tables import Column, Table, register_table

from . import models

register_table(Table(
    "polls", models.Poll, key=("code",), office_only=True,
    columns=(
        Column("code", "code"),
        Column("title"),
        Column("object"),
        Column("unit", "ref", to="units"),
        Column("activity", "ref", to="activities"),
        Column("held_on", "day"),
        Column("scale", "list"),
        Column("counted", "list"),
        Column("weights", "list"),
        Column("threshold", "number"),
    ),
))
register_table(Table(
    "poll_aspects", models.Aspect, key=("poll", "code"), unit="poll.unit", office_only=True,
    columns=(
        Column("poll", "ref", to="polls", required=True),
        Column("code", "code"),
        Column("name"),
    ),
))
register_table(Table(
    "electorate", models.Electorate, key=("poll", "group"), unit="poll.unit", office_only=True,
    columns=(
        Column("poll", "ref", to="polls", required=True),
        Column("group", required=True),
        Column("issued", "count"),
        Column("returned", "count"),
        Column("valid", "count"),
    ),
))
register_table(Table(
    "tallies", models.Tally, key=("poll", "aspect", "grade"), unit="poll.unit", office_only=True,
    listed=(("grade", "poll", "scale"),),
    columns=(
        Column("poll", "ref", to="polls", required=True),
        Column("aspect", "ref", to="poll_aspects", within="poll", required=True),
        Column("grade", "word", required=True),
        Column("count", "count"),
    ),
))
