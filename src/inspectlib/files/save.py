"""Saving a file whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from inspectlib.errors import InspectError, UnreadableFile, Where

__all__ = ["replacing", "replacing_path", "save"]


def save(path: str | Path, content: str | bytes) -> None:
    """Write a text, or bytes, to a file, replacing it whole: whatever happens, the file is the old one or the new one.

    Raises:
        UnreadableFile: it cannot be written; what was there is still there.
    """
    with _replacing(path, binary=isinstance(content, bytes)) as file:
        file.write(content)


def replacing(path: str | Path) -> contextlib.AbstractContextManager[IO[str]]:
    """A file to write to that takes the place of the one of that name when all is written, and not before.

    A pipe or device holds nothing that could be kept, so it is written to directly.

    Raises:
        UnreadableFile: it cannot be written; what was there is still there.
    """
    return _replacing(path, binary=False)


@contextlib.contextmanager
def _replacing(path: str | Path, *, binary: bool) -> Iterator[IO[Any]]:
    how: dict[str, Any] = {"mode": "wb"} if binary else {"mode": "w", "encoding": "utf-8", "newline": "\n"}
    target = Path(os.path.realpath(path))  # a link stays a link
    temporary = target.with_name(f".{target.name[:50]}.{os.urandom(8).hex()}")
    created = False
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "this is a folder; name a file")
        if Path(path).exists() and not Path(path).is_file():
            with Path(path).open(**how) as file:
                yield file
            return
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        created = True
        with os.fdopen(descriptor, **how) as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
        created = False
    except (OSError, UnicodeError) as error:
        if isinstance(error, InspectError):
            raise  # not of this file, but of whatever was to be written
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableFile(f"it cannot be written: {reason}", where=Where(str(path))) from None
    finally:
        if created:
            with contextlib.suppress(OSError):
                temporary.unlink()


@contextlib.contextmanager
def replacing_path(path: str | Path) -> Iterator[Path]:
    """The path of a file to be written, which takes the place of the one of that name when all is written.

    Raises:
        UnreadableFile: it cannot be written; what was there is still there.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    temporary = target.with_name(f".{target.name[:50]}.{os.urandom(8).hex()}")
    try:
        if target.is_dir() or not target.parent.is_dir():
            raise IsADirectoryError(errno.EISDIR, "name a file in a folder that there is")
        yield temporary
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except OSError as error:
        if isinstance(error, InspectError):
            raise  # not of this file, but of whatever was to be written
        raise UnreadableFile(f"it cannot be written: {error.strerror or error}", where=Where(str(path))) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
