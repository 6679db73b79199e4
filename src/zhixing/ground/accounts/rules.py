"""One-time codes and sign-in names, without a database."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Container

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals that are not taken for one another on paper."""

CODE_LENGTH = 12
"""About 59 bits of chance, so that a fast digest keeps the code."""

CODE_DAYS = 90
"""How long a printed slip is good for."""

NAME_LENGTH = 100
_NOT_IN_A_NAME = re.compile(r"[^\w.@+-]+")


def new_code() -> str:
    """A code as it is printed: three groups of four."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(letters[at:at + 4] for at in range(0, CODE_LENGTH, 4))


def digest(salt: str, code: str) -> str:
    """What is stored of a code. Case, blanks, hyphens and full-width letters do not matter."""
    typed = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code)).upper()
    return hashlib.sha256(f"{salt}:{typed}".encode()).hexdigest()


def same(stored: str, computed: str) -> bool:
    return hmac.compare_digest(stored, computed)


def sign_in_name(unit_code: str, role: str, taken: Container[str]) -> str:
    """A sign-in name for the holder of a role at a unit: the unit's code for the secretary, else code-role;
    numbered where that is taken."""
    stem = _NOT_IN_A_NAME.sub("-", unit_code).strip("-") or "unit"
    stem = stem[:NAME_LENGTH] if role == "secretary" else f"{stem[:NAME_LENGTH]}-{role}"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name
