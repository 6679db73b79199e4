"""Every write of this room: sessions with who was missing, signing in, plans, and talks."""

from .holding import hold as hold
from .holding import mark_made_up as mark_made_up
from .holding import take_out as take_out
from .planning import drop as drop
from .planning import plan as plan
from .planning import stop as stop
from .signing import sign_in as sign_in
from .signing import take_over as take_over
from .signing import ticket as ticket
from .signing import token as token
from .talking import hold_talk as hold_talk
from .talking import open_note as open_note
from .talking import remove_note as remove_note
from .talking import seal_note as seal_note
