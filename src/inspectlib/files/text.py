"""Reading a file as text: bounded, UTF-8, with an error for everything that can be wrong before its contents."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from inspectlib.errors import ByteOrderMark, EmptyFile, NotUtf8, TooLarge, UnreadableFile, Where

__all__ = ["STDIN", "read_text"]

#: The name that stands for standard input.
STDIN = "-"


def read_text(path: str | Path, limit: int) -> str:
    """The text of a file of at most `limit` bytes; ``-`` is standard input.

    Raises:
        UnreadableFile: it does not exist, is no file, or may not be read.
        TooLarge: it is longer.
        NotUtf8, ByteOrderMark, EmptyFile: as they say.
    """
    name = "standard input" if str(path) == STDIN else str(path)
    where = Where(name)
    try:
        data = sys.stdin.buffer.read(limit + 1) if str(path) == STDIN else _read(path, limit + 1)
    except IsADirectoryError:
        raise UnreadableFile("this is a folder; name a file", where=where) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableFile(f"it cannot be read: {reason}", where=where) from None
    if len(data) > limit:
        raise TooLarge(f"it is longer than {limit:,} bytes, the most that is read of such a file", where=where)
    if data.startswith(b"\xef\xbb\xbf"):
        raise ByteOrderMark("it begins with a byte order mark; save it as UTF-8 without one", where=Where(name, 1, 1))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        message = f"the byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8"
        raise NotUtf8(message, where=Where(name, line, column)) from None
    if not text.strip():
        raise EmptyFile("it is empty", where=where)
    return text


def _read(path: str | Path, size: int) -> bytes:
    """The first bytes of a regular file or pipe; a device or socket could be endless or block."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            raise ValueError("it is neither a file nor a pipe")
        return file.read(size)
