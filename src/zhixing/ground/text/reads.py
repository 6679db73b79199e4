"""The door of the text engine. Nothing here writes: proposals only."""

from zhixing.ground.text.copying import Copies, Document, Pair, Shared, copies
from zhixing.ground.text.grouping import collate
from zhixing.ground.text.labels import marks
from zhixing.ground.text.models import endpoint_model, local_model
from zhixing.ground.text.passages import Passage
from zhixing.ground.text.side_by_side import page

__all__ = [
    "Copies", "Document", "Pair", "Passage", "Shared",
    "collate", "copies", "endpoint_model", "local_model", "marks", "page",
]
