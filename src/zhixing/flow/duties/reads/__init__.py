"""Who owes what and how they stand; what was asked and decided; who stands at which gate; what a campaign asks."""

from .burden import advice as advice
from .burden import burden as burden
from .gates import after as after
from .gates import gate as gate
from .gates import lacking_meeting as lacking_meeting
from .gates import last_steps as last_steps
from .gates import missing as missing
from .gates import passages as passages
from .letters import written as written
from .plans import differences as differences
from .plans import own_target as own_target
from .requests import open_requests as open_requests
from .requests import request as request
from .requests import requests as requests
from .states import counted as counted
from .states import duties as duties
from .states import extensions as extensions
from .states import owers as owers
from .states import owing as owing
from .states import own_states as own_states
from .states import states as states
