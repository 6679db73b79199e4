"""The door of the text engine. Nothing here writes: proposals only."""

from zhixing.ground.text.copying import Copies, Document, Pair, Shared, copies
from zhixing.ground.text.grouping import collate
from zhixing.ground.text.labels import marks
from zhixing.ground.text.models import endpoint_model, local_model
from zhixing.ground.text.passages import Passage
from zhixing.ground.text.replies import ReplyHint, judge_replies
from zhixing.ground.text.routing import Router, learn
from zhixing.ground.text.search import fts5_query, index_text, postgres_query
from zhixing.ground.text.side_by_side import page

__all__ = [
    "Copies", "Document", "Pair", "Passage", "ReplyHint", "Router", "Shared",
    "collate", "copies", "endpoint_model", "fts5_query", "index_text", "judge_replies", "learn", "local_model",
    "marks", "page", "postgres_query",
]
