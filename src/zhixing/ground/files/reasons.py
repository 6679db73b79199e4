"""Why a file was refused, for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REASONS = {
    "empty": _("%(name)s is empty."),
    "size": _("%(name)s is larger than %(limit)s MB. Make it smaller, or hand it in in parts."),
    "unknown": _("%(name)s is of no kind that can be kept. Save it as PDF, PNG, JPEG, .docx, .xlsx or text."),
    "ending": _("%(name)s is not what its name says. Save it again from the program that made it."),
    "old_office": _("%(name)s is in the old Office format or has a password. Save it as .docx, .xlsx or PDF, "
                    "without a password."),
    "encrypted": _("%(name)s has a password. Save it without one."),
    "broken": _("%(name)s is damaged. Save it again from the program that made it."),
    "bomb": _("%(name)s unpacks to far more than a document holds. Save it again as PDF."),
    "active": _("%(name)s holds macros, scripts or an embedded program. Save it without them, or as PDF."),
    "outside": _("%(name)s fetches something from another place when it is opened. Take the linked pictures, "
                 "templates or objects out, or save it as PDF."),
}
"""`rules.Unfit.why` → the sentence."""
