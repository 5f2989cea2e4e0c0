"""Saving a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from inspectlib.errors import UnreadableFile, Where

__all__ = ["save"]


def save(path: str | Path, text: str) -> None:
    """Write a text to a file, replacing it whole: whatever happens, the file is the old one or the new one.

    Raises:
        UnreadableFile: it cannot be written; what was there is still there.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    temporary = None
    try:
        if target.is_dir():
            raise IsADirectoryError(0, "this is a folder; name a file")
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
        temporary = None
    except OSError as error:
        raise UnreadableFile(f"it cannot be written: {error.strerror or error}", where=Where(str(path))) from None
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def _mode(target: Path) -> int:
    """The permissions of the file replaced, or those of a new one."""
    with contextlib.suppress(OSError):
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
