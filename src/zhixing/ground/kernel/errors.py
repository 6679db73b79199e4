"""What can go wrong, said so that a person can act on it."""


class Refused(Exception):
    """A request that a rule or a permission does not allow. `str(error)` is fit for a person: it says
    what is wrong and what to do. Nothing was written."""


class NotAllowed(Refused):
    """The actor may not do or see this."""


class NotFound(Refused):
    """There is no such thing, or the actor may not know of it (the two look alike on purpose)."""
