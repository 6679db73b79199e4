"""Papers handed in."""

from __future__ import annotations

from zhixing.ground.kernel.fields import CodedRecord, day, link, prose, word


class Filing(CodedRecord):
    kind = word()
    title = prose()
    unit = link("units.Unit")
    phase = link("campaigns.Phase")
    filed_on = day()
    accepted_on = day()
    file = prose()
