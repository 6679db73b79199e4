"""`zhixing`, the one command line. Commands stand one noun a file and are loaded when they are asked for,
so that `zhixing --help` needs no database."""

from __future__ import annotations

import importlib
import os
import sys
from typing import NoReturn

import click

from . import helping

COMMANDS = {
    "init": "serving", "demo": "serving", "serve": "serving",
    "user": "user",
    "template": "workbook", "import": "workbook", "export": "workbook",
    "opinions": "opinions",
    "figures": "figures", "lint": "figures", "gate": "figures",
    "document": "document",
    "digest": "digest",
    "ledger": "ledger",
    "collate": "text", "copies": "text",
    "backup": "keeping", "restore": "keeping", "doctor": "keeping",
}
"""Command → the module here that holds it as `<command>_command`."""


class Commands(helping.Group):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`--lang` may stand after the command as well."""
        return super().parse_args(ctx, _lang_first(args))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"zhixing.shell.cli.{COMMANDS[name]}")
        command = getattr(module, f"{name}_command")
        assert isinstance(command, click.Command)
        return helping.told(command)


def _lang_first(args: list[str]) -> list[str]:
    """The arguments with `--lang zh` or `--lang=zh` in front; what stands behind `--` is no option."""
    end = args.index("--") if "--" in args else len(args)
    for place, word in enumerate(args[:end]):
        taken = 2 if word == "--lang" else 1 if word.startswith("--lang=") else 0
        if taken:
            return [*args[place:place + taken], *args[:place], *args[place + taken:]]
    return args


def _speak(ctx: click.Context, option: click.Parameter, lang: str | None) -> None:
    """Before any help is printed."""
    if lang:
        os.environ["ZHIXING_LANG"] = lang
    helping.speak()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(["zh", "en"]), is_eager=True, expose_value=False, callback=_speak,
              help="Language of what is printed (default: the locale's).")
@click.version_option(package_name="zhixing")
def cli() -> None:
    """Zhixing 知行: records in, figures out."""


def main() -> None:
    """Entry point. Exit 0 done, 1 refused or failed, 2 wrong usage; errors on standard error."""
    from zhixing.ground.kernel.errors import Refused

    try:
        ended = cli(standalone_mode=False)  # click gives back the code of an Exit instead of raising it
        sys.exit(ended if isinstance(ended, int) else 0)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("Stopped; nothing was written.", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Refused as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        _give_up(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
    except Exception as error:
        # Django may not be loaded yet; a database that cannot be reached or written is told like a full disk.
        if not any(kind.__module__ == "django.db.utils" for kind in type(error).__mro__):
            raise
        _give_up(f"The database cannot be used: {str(error).strip()}")


def _give_up(why: str) -> NoReturn:
    click.echo(f"{why}\nNothing was written. `zhixing doctor` looks at disk, permissions and database.", err=True)
    sys.exit(1)
