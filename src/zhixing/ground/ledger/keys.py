"""The key that signs the ledger's heads: Ed25519, made with the first entry, kept in `keys/ledger.key` of the
data folder and in every backup. Servers that share a database need the same `keys` folder."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.home import home, private_bytes

SEED_LENGTH = 32


def key_path() -> Path:
    return home() / "keys" / "ledger.key"


def signing_key(size: int) -> SigningKey:
    """The key; made when the ledger is empty (`size` 0). Refused when entries exist and the key is missing or
    damaged: a new key would leave a ledger that nobody can verify."""
    path = key_path()
    if size and not path.exists():
        raise Refused(_("The ledger's signing key, %(path)s, is missing. Put it back from a backup, or copy "
                        "the folder `keys` from the server that first used this database.") % {"path": path})
    seed = private_bytes(path, SEED_LENGTH)
    if len(seed) != SEED_LENGTH:
        raise Refused(_("The ledger's signing key, %(path)s, is damaged. Put it back from a backup.")
                      % {"path": path})
    return SigningKey(seed)


def verify_key(size: int) -> VerifyKey:
    return signing_key(size).verify_key


def signed(key: VerifyKey, message: bytes, signature: bytes) -> bool:
    try:
        key.verify(message, signature)
    except (BadSignatureError, ValueError):  # ValueError: a signature of the wrong length
        return False
    return True
