"""The workbook tables of this room."""

from zhixing.ground.kernel.tables import Column, Table, register_table

from . import models

register_table(Table(
    "channels", models.Channel, key=("code",), pairs=(("opened_on", "closed_on"),), office_only=True,
    columns=(
        Column("code", "code"),
        Column("kind", "choice", choices=models.CHANNEL_KINDS),
        Column("name"),
        Column("unit", "ref", to="units"),
        Column("opened_on", "day"),
        Column("closed_on", "day"),
    ),
))
register_table(Table(
    "form_batches", models.FormBatch, key=("code",), unit="unit,channel.unit",
    columns=(
        Column("code", "code"),
        Column("channel", "ref", to="channels"),
        Column("title"),
        Column("unit", "ref", to="units"),
        Column("audience"),
        Column("issued_on", "day"),
        Column("issued", "count"),
        Column("returned_on", "day"),
        Column("returned", "count"),
        Column("valid", "count"),
    ),
))
register_table(Table(
    "opinions", models.Opinion, key=("code",), unit="unit,channel.unit",
    columns=(
        Column("code", "code"),
        Column("channel", "ref", to="channels"),
        Column("form_batch", "ref", to="form_batches"),
        Column("activity", "ref", to="activities"),
        Column("received_on", "day"),
        Column("unit", "ref", to="units"),
        Column("target", "choice", choices=models.TARGETS),
        Column("category"),
        Column("text", "long"),
    ),
))
register_table(Table(
    "echoes", models.Echo, key=("opinion", "on"), loose=("on",), unit="opinion.unit,opinion.channel.unit",
    office_only=True,
    columns=(
        Column("opinion", "ref", to="opinions", required=True),
        Column("on", "day", "given_on"),
        Column("disposition", "choice", choices=models.DISPOSITIONS),
        Column("text", "long"),
        Column("means"),
    ),
))
