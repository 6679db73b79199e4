"""The kinds of documents, one a folder. A kind says what is particular to it; its outlines come from the
packs, its composition and layout are those of every document."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import NotFound

from . import plan, stage_summary
from .types import Kind

KINDS: dict[str, Kind] = {kind.name: kind for kind in (stage_summary.KIND, plan.KIND)}


def kind(name: str) -> Kind:
    """By its name, with - or _. Raises NotFound, naming those there are."""
    found = KINDS.get(name.replace("-", "_"))
    if found is None:
        raise NotFound(_("There is no document of the kind “%(name)s”. There are: %(kinds)s.") % {
            "name": name, "kinds": ", ".join(KINDS)})
    return found
