from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ShellConfig(AppConfig):
    name = "zhixing.shell"

    def ready(self) -> None:
        """Rooms register with the engines, as Django's admin does it."""
        for module in ("tables", "figures", "lints", "asks", "permits"):
            autodiscover_modules(module)
