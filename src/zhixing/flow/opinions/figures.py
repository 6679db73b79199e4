"""The figures of this room."""

from zhixing.ground.kernel.figures import Branch, Figure, Relation, left, rank_of, register_figures

CHANNELS = Relation(
    "channels", table="channels", keys={"kind": "is"},
    branches=[Branch(
        "opinions_channel c", "c.programme_id = %(programme)s AND (c.closed_on IS NULL OR c.closed_on >= %(as_of)s)",
        {"record": "c.code", "unit_id": "c.unit_id", "day": "c.opened_on", "kind": "c.kind", "label": "c.name"})],
)

BATCH = "opinions_formbatch f"
CHANNEL_OF_BATCH = [left("opinions_channel", "c", "f.channel_id")]
RETURNED_ON = "COALESCE(f.returned_on, f.issued_on)"
OF_BATCH = {"record": "f.code", "unit_id": "COALESCE(f.unit_id, c.unit_id)", "channel": "c.code",
            "label": "f.title"}


def _forms(name: str, count: str, day: str) -> Relation:
    return Relation(
        name, table="form_batches", keys={"channel": "is", "unit": "unit"},
        branches=[Branch(BATCH, "f.programme_id = %(programme)s", {
            **OF_BATCH, "day": day, "weight": f"f.{count}", "rank": rank_of(f"f.{count}_q")}, CHANNEL_OF_BATCH)],
    )


BACK = f"CASE WHEN {RETURNED_ON} IS NULL OR {RETURNED_ON} <= %(as_of)s THEN f.returned END"
RETURN = Relation(
    "return", table="form_batches", keys={"channel": "is"},
    branches=[Branch(BATCH, "f.programme_id = %(programme)s", {
        **OF_BATCH, "day": "f.issued_on", "weight": "f.issued",
        "part": f"CASE WHEN f.issued IS NOT NULL THEN {BACK} END",
        "rank": f"CASE WHEN f.issued_q <> '=' OR f.returned_q = '~' THEN 2 WHEN f.returned_q = '>=' "
                f"OR (f.issued IS NOT NULL AND {BACK} IS NULL) THEN 1 ELSE 0 END"}, CHANNEL_OF_BATCH)],
)

OPINION = "opinions_opinion o"
CHANNEL = [left("opinions_channel", "c", "o.channel_id")]
OF_OPINION = {"record": "o.code", "unit_id": "COALESCE(o.unit_id, c.unit_id)", "day": "o.received_on",
              "label": "o.text", "channel": "c.code", "channel_kind": "c.kind", "target": "o.target",
              "category": "o.category"}
OPINIONS = Relation(
    "opinions", table="opinions",
    keys={"channel": "is", "channel_kind": "is", "target": "is", "category": "is"},
    branches=[Branch(OPINION, "o.programme_id = %(programme)s", OF_OPINION, CHANNEL)],
)
LATEST = """NOT EXISTS (SELECT 1 FROM opinions_echo x WHERE x.opinion_id = o.id AND x.id <> e.id
 AND (x.given_on IS NULL OR x.given_on <= %(as_of)s)
 AND CASE WHEN x.given_on IS NULL THEN e.given_on IS NULL AND x.id > e.id
          WHEN e.given_on IS NULL THEN 1 = 1
          ELSE x.given_on > e.given_on OR (x.given_on = e.given_on AND x.id > e.id) END)"""
ECHOED = Relation(
    "echoed", table="opinions", keys={"disposition": "is", "channel_kind": "is", "target": "is"},
    branches=[Branch(f"{OPINION} JOIN opinions_echo e ON e.opinion_id = o.id",
                     f"o.programme_id = %(programme)s AND {LATEST}",
                     {**OF_OPINION, "day": "e.given_on", "disposition": "e.disposition"}, CHANNEL)],
)
"""An opinion counts by its latest answer as at the date, so that the dispositions sum to the echoed. An answer
without a date comes before those with one, as an issue's events do."""

register_figures(
    Figure("channels.open", CHANNELS, "items", adds="channels"),
    Figure("forms.issued", _forms("issued", "issued", "f.issued_on"), "forms", reduce="sum", adds="form_batches"),
    Figure("forms.returned", _forms("returned", "returned", RETURNED_ON), "forms", reduce="sum",
           adds="form_batches"),
    Figure("forms.valid", _forms("valid", "valid", RETURNED_ON), "forms", reduce="sum", adds="form_batches"),
    Figure("forms.return_rate", RETURN, "share", reduce="rate", adds="form_batches"),
    Figure("opinions.received", OPINIONS, "items", adds="opinions"),
    Figure("opinions.echoed", ECHOED, "items", adds="echoes"),
)
