"""The workbook tables of this room."""

from zhixing.ground.kernel.tables import Column, Table, register_table

from . import models

register_table(Table(
    "units", models.Unit, key=("code",), scope="installation", unit="", pairs=(("valid_from", "valid_to"),),
    office_only=True,
    columns=(
        Column("code", "code"),
        Column("name"),
        Column("short_name"),
        Column("kind", "word"),
        Column("parent", "ref", to="units"),
        Column("valid_from", "day"),
        Column("valid_to", "day"),
    ),
))
register_table(Table(
    "placements", models.Placement, key=("unit", "from"), loose=("from",), scope="installation",
    pairs=(("from", "to"),), office_only=True,
    columns=(
        Column("unit", "ref", to="units", required=True),
        Column("parent", "ref", to="units"),
        Column("from", "day", "from_on"),
        Column("to", "day", "to_on"),
    ),
))
register_table(Table(
    "people", models.Person, key=("code",), scope="installation",
    columns=(
        Column("code", "code"),
        Column("name"),
        Column("unit", "ref", to="units", required=True),
        Column("post"),
        Column("categories", "list"),
        Column("phone"),
        Column("email"),
    ),
))
register_table(Table(
    "campaign", models.Programme, key=("code",), scope="installation", unit="host_unit", office_only=True,
    columns=(
        Column("code", "code"),
        Column("host_unit", "ref", to="units", required=True),
    ),
))
register_table(Table(
    "groups", models.Group, key=("code",),
    columns=(
        Column("code", "code"),
        Column("name"),
        Column("kind", "word"),
        Column("unit", "ref", to="units"),
        Column("head", "ref", to="people"),
    ),
))
register_table(Table(
    "members", models.Member, key=("group", "person", "from"), loose=("from",), unit="group.unit",
    pairs=(("from", "to"),),
    columns=(
        Column("group", "ref", to="groups", required=True),
        Column("person", "ref", to="people", required=True),
        Column("from", "day", "from_on"),
        Column("to", "day", "to_on"),
    ),
))
