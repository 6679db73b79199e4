"""Text analytics without Django and without a database: opinions about the same matter together (`collate`),
passages that stand elsewhere too (`copies`), words for search.

    from zhixing.ground.text import Opinion, collate
    found = collate([Opinion("1", "..."), Opinion("2", "...")])
"""

from zhixing.ground.text.copying import Copies, Document, Pair, Shared, copies
from zhixing.ground.text.grouping import collate
from zhixing.ground.text.labels import marks
from zhixing.ground.text.types import Collation, Group, Member, Opinion, Reason

__all__ = [
    "Collation", "Copies", "Document", "Group", "Member", "Opinion", "Pair", "Reason", "Shared",
    "collate", "copies", "marks",
]
