"""The forms for signing in and for passwords."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Asked:
    """One question as the page's pieces draw it (`pieces/field.html`)."""

    name: str
    label: str
    value: str
    type: str
    fault: str
    autocomplete: str
    id: str
    hint: str = ""


class Questions(forms.Form):
    """`kinds`: field → (type of input, what the browser may fill in)."""

    kinds: ClassVar[dict[str, tuple[str, str]]] = {}

    def asked(self) -> list[Asked]:
        """The questions in order; what was typed into a password is never sent back."""
        return [
            Asked(bound.name, str(bound.label), "" if kind == "password" else str(bound.value() or ""), kind,
                  str(next(iter(bound.errors), "")), autocomplete, f"f-{bound.name}")
            for bound in self for kind, autocomplete in [self.kinds[bound.name]]
        ]


def _password(label: StrOrPromise) -> forms.CharField:
    return forms.CharField(label=label, strip=False, max_length=500,
                           error_messages={"required": _("Enter your password.")})


class SignInForm(Questions):
    name = forms.CharField(label=_("Name"), max_length=150,
                           error_messages={"required": _("Enter your name for signing in.")})
    password = _password(_("Password"))
    kinds: ClassVar = {"name": ("text", "username"), "password": ("password", "current-password")}


class NewPasswordForm(Questions):
    """A new password, twice. Whether it is good enough is for the action to say."""

    new = _password(_("New password"))
    again = _password(_("The new password again"))
    kinds: ClassVar = {"new": ("password", "new-password"), "again": ("password", "new-password")}

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError(_("The two passwords differ. Type the same one twice."))
        return again


class ChangePasswordForm(NewPasswordForm):
    old = _password(_("Old password"))
    field_order = ("old", "new", "again")
    kinds: ClassVar = {"old": ("password", "current-password"), **NewPasswordForm.kinds}
