"""The command line: results on standard output, diagnostics on standard error.

Exit codes: 0 done, 1 findings or disagreement, 2 bad usage or bad input, 130 interrupted.
"""

from __future__ import annotations

import os
import sys

import click

import inspectlib
from inspectlib.cli import (
    audit,
    backtest,
    frameworks,
    rating,
    reports,
    tables,
    whatif,
    workshop,
)
from inspectlib.cli.common import diagnose
from inspectlib.errors import InspectError

__all__ = ["cli", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(inspectlib.__version__, prog_name="inspectlib")
def cli() -> None:
    """Rate inspections by a typed rule graph, and explain every rating.

    FRAMEWORK is the name of a shipped framework or the path of a framework file. EVIDENCE is an evidence file (YAML or
    JSON). A single - reads standard input.
    """


for _module in (
    frameworks,
    workshop,
    rating,
    whatif,
    audit,
    reports,
    tables,
    backtest,
):
    for _command in _module.COMMANDS:
        cli.add_command(_command)


def main() -> None:
    """Run the command line and exit. No traceback reaches a user."""
    try:
        code = cli.main(standalone_mode=False) or 0
    except InspectError as error:
        for fault in error.faults:
            diagnose(str(fault))
        code = 2
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        diagnose("interrupted")
        code = 130
    except BrokenPipeError:
        code = 0  # whoever was reading has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001  # a fault of ours, said in one line rather than a page of traceback
        diagnose(
            f"inspectlib: unexpected {type(error).__name__}: {error}. This is a fault of inspectlib; please report it."
        )
        code = 2
    sys.exit(code)
