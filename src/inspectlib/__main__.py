"""``python -m inspectlib`` is the command line."""

from inspectlib.cli import main

main()
