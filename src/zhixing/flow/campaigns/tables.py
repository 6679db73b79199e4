"""The workbook tables of this room."""

from zhixing.ground.kernel.tables import Column, Extra, Table, extend_table, register_table

from . import models
from .packs import pack_names

extend_table(
    "campaign", Extra("campaign", models.Campaign, link="programme"),
    Column("name"),
    Column("template", "choice", choices=pack_names),
    Column("starts_on", "day"),
    Column("ends_on", "day"),
)
extend_table("units", Extra("participant", models.Participant, link="unit"), Column("participates", "yesno"))

register_table(Table(
    "phases", models.Phase, key=("code",), unit="", pairs=(("starts_on", "ends_on"),), office_only=True,
    columns=(
        Column("code", "code"),
        Column("name"),
        Column("order", "whole"),
        Column("starts_on", "day"),
        Column("ends_on", "day"),
    ),
))
register_table(Table(
    "appointments", models.Appointment, key=("role", "person", "unit"), loose=("unit",), office_only=True,
    columns=(
        Column("role", "word", required=True),
        Column("person", "ref", to="people", required=True),
        Column("unit", "ref", to="units"),
        Column("on", "day", "appointed_on"),
    ),
))
register_table(Table(
    "assignments", models.Assignment, key=("person", "unit", "role", "from"), loose=("role", "from"),
    pairs=(("from", "to"),), office_only=True,
    columns=(
        Column("person", "ref", to="people", required=True),
        Column("unit", "ref", to="units", required=True),
        Column("role", "word"),
        Column("from", "day", "from_on"),
        Column("to", "day", "to_on"),
    ),
))
register_table(Table(
    "remarks", models.Remark, key=("code",),
    columns=(
        Column("code", "code"),
        Column("unit", "ref", to="units"),
        Column("phase", "ref", to="phases"),
        Column("kind", "choice", choices=models.REMARK_KINDS),
        Column("text", "long"),
        Column("evidence", "list"),
    ),
))
register_table(Table(
    "stated_facts", models.StatedFact, key=("code",), unit="", office_only=True,
    columns=(
        Column("code", "code"),
        Column("name"),
        Column("value", "amount"),
        Column("measure"),
        Column("source"),
        Column("on", "day", "stated_on"),
    ),
))
