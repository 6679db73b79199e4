"""The workbook tables of this room."""

from zhixing.ground.kernel.tables import (
    WHERE,
    Column,
    Extra,
    Table,
    choice_labels,
    extend_table,
    register_choice_label,
    register_labels,
    register_table,
)

from . import models
from .packs import Pack, hearers, pack_names, packs

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

WORDS = {
    ("activities", "kind"): "activity_kinds",
    ("activities", "pair_kind"): "pair_kinds",
    ("appointments", "role"): "appointment_roles",
    ("assignments", "role"): "assignment_roles",
    ("channels", "kind"): "channel_kinds",
    ("distinctions", "kind"): "distinction_kinds",
    ("duties", "figure"): "figures",
    ("echoes", "disposition"): "dispositions",
    ("filings", "kind"): "filing_kinds",
    ("groups", "kind"): "group_kinds",
    ("information", "kind"): "information_kinds",
    ("inspections", "basis"): "bases",
    ("inspections", "subject"): "subjects",
    ("issues", "horizon"): "horizons",
    ("issues", "state"): "issue_states",
    ("issues", "target"): "targets",
    ("notes", "kind"): "note_kinds",
    ("opinions", "target"): "targets",
    ("people", "categories"): "person_categories",
    ("polls", "counted"): "grades",
    ("polls", "scale"): "grades",
    ("publicity", "kind"): "publicity_kinds",
    ("remarks", "kind"): "remark_kinds",
    ("rules", "status"): "rule_statuses",
    ("tallies", "grade"): "grades",
    (WHERE, "category"): "person_categories",
    (WHERE, "channel_kind"): "channel_kinds",
    (WHERE, "grades"): "grades",
    (WHERE, "kind"): "activity_kinds",
}
"""(table, column) → the section of a pack that names its values. Other columns' words stand in
`choices.toml`. Under `WHERE` stand keys of figures that are no column of the figure's own table."""


def _register_words(pack: Pack) -> None:
    """A pack's words for tables, columns and values become known to the engine that reads and shows them."""
    register_choice_label(pack.language, "campaign", "template", pack.name, pack.title)
    for table, headings in pack.words("headings").items():
        for column, words in headings.items():
            for word in str(words).split("|"):
                register_labels(pack.language, table, None if column == "_table" else column, word)
    for (table, column), section in WORDS.items():
        for value, word in pack.words(section).items():
            register_choice_label(pack.language, table, column, value, str(word))
    for table, columns in pack.words("choices").items():
        for column, values in columns.items():
            for value, words in values.items():
                for word in str(words).split("|"):
                    register_choice_label(pack.language, table, column, value, word)


def _register_own(pack: Pack) -> None:
    """Of a pack that people wrote only new codes, each with a word that is nobody else's: what other campaigns read and
    show stays as it was."""
    register_choice_label(pack.language, "campaign", "template", pack.name, pack.title)
    for (table, column), section in WORDS.items():
        known = choice_labels(table, column)
        taken = {word for by_language in known.values() for words in by_language.values() for word in words}
        for value, word in pack.words(section).items():
            if value not in known and str(word) not in taken:
                register_choice_label(pack.language, table, column, value, str(word))


for _pack in packs().values():
    _register_words(_pack)
hearers.append(_register_own)
