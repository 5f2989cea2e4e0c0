"""Files that cannot be read or written, the errors themselves, and that every class of error is met by a test."""

from __future__ import annotations

import builtins
import errno
import inspect
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import inspectlib
import test_bad_evidence
import test_bad_framework_files
from bad import Bad, refused
from inspectlib import errors
from inspectlib.errors import (
    BandGap,
    ByteOrderMark,
    DepartureRefused,
    EmptyFile,
    Fault,
    FaultReport,
    FileExists,
    InspectError,
    MissingKey,
    MissingPackage,
    NoRating,
    NotUtf8,
    OpenEvidence,
    OtherRecord,
    TooLarge,
    Unanswerable,
    UnknownFramework,
    UnknownKey,
    UnknownNode,
    UnreadableFile,
    Where,
    WrongForm,
    raise_any,
)
from inspectlib.files import save

Read = Callable[[Path], object]


def _load_cases(path: Path) -> object:
    with tempfile.TemporaryDirectory() as folder:
        evidence = Path(folder) / "evidence.yaml"
        evidence.write_text("service: made up\n", encoding="utf-8")
        return inspectlib.load_evidence(evidence, cases=path)


READERS = [
    pytest.param(inspectlib.load, id="framework"),
    pytest.param(inspectlib.load_evidence, id="evidence"),
    pytest.param(_load_cases, id="cases"),
]


@pytest.mark.parametrize("read", READERS)
def test_a_folder_is_refused(read: Read, tmp_path: Path) -> None:
    """A folder in the place of a file is told as one."""
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    error = refused(lambda: read(folder))
    assert type(error) is UnreadableFile
    assert error.where == Where(str(folder))
    assert "this is a folder; name a file" in str(error)


@pytest.mark.parametrize("read", READERS)
def test_a_file_that_is_not_there_is_refused(read: Read, tmp_path: Path) -> None:
    """A file that does not exist is named."""
    file = tmp_path / "gone.yaml"
    error = refused(lambda: read(file))
    assert type(error) is UnreadableFile
    assert error.where == Where(str(file))
    assert "No such file" in str(error)


@pytest.mark.parametrize("read", READERS)
def test_a_file_beneath_a_file_is_refused(read: Read, tmp_path: Path) -> None:
    """A path that goes through a file is no path."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert type(refused(lambda: read(tmp_path / "file" / "made-up.yaml"))) is UnreadableFile


@pytest.mark.parametrize("read", READERS)
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_that_may_not_be_read_is_refused(read: Read, tmp_path: Path) -> None:
    """A file without permission to read is told as one."""
    file = tmp_path / "secret.yaml"
    file.write_text("id: a\n", encoding="utf-8")
    file.chmod(0)
    error = refused(lambda: read(file))
    assert type(error) is UnreadableFile
    assert "Permission denied" in str(error)


@pytest.mark.parametrize("read", READERS)
def test_a_file_that_fails_while_it_is_read_is_refused(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the disk is told as one of the file."""
    file = tmp_path / "made-up.yaml"
    file.write_text("id: a\n", encoding="utf-8")
    real = os.open

    def failing(path: str | os.PathLike[str], flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if os.fspath(path) == str(file):
            raise OSError(errno.EIO, "Input/output error")
        return real(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", failing)
    error = refused(lambda: read(file))
    assert type(error) is UnreadableFile
    assert error.where == Where(str(file))
    assert "Input/output error" in str(error)


@pytest.mark.parametrize("read", READERS)
def test_a_file_of_200_megabytes_is_refused_at_once(read: Read, tmp_path: Path) -> None:
    """A file far beyond the limit is refused without being read whole."""
    file = tmp_path / "large.yaml"
    file.touch()
    os.truncate(file, 200_000_000)
    started = time.perf_counter()
    error = refused(lambda: read(file))
    assert time.perf_counter() - started < 30  # unguarded it takes minutes
    assert type(error) is TooLarge
    assert error.where == Where(str(file))
    assert "the most that is read" in str(error)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
def test_a_device_is_refused(read: Read, device: str, tmp_path: Path) -> None:
    """A device that never ends is not read at all."""
    if not Path(device).exists():
        pytest.skip(f"no {device} here")
    link = tmp_path / "device.yaml"
    link.symlink_to(device)
    error = refused(lambda: read(link))
    assert type(error) is UnreadableFile
    assert "neither a file nor a pipe" in str(error)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"", EmptyFile, id="empty"),
        pytest.param(b"\xef\xbb\xbfcase,2.1.1\n", ByteOrderMark, id="byte order mark"),
        pytest.param(b"case,2.1.1\nc\xe9,yes\n", NotUtf8, id="not UTF-8"),
        pytest.param(b" \n\n", EmptyFile, id="blank"),
    ],
)
def test_bad_bytes_are_refused_in_every_file(read: Read, data: bytes, error: type[Fault], tmp_path: Path) -> None:
    """What is wrong with the bytes of a file is the same in all kinds of file."""
    file = tmp_path / "made-up.yaml"
    file.write_bytes(data)
    raised = refused(lambda: read(file))
    assert type(raised) is error
    assert raised.faults[0].where == (
        Where(str(file))
        if error is EmptyFile
        else Where(str(file), 1, 1)
        if error is ByteOrderMark
        else Where(str(file), 2, 2)
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("hmip-crc-219", "did you mean 'hmip-crc-2019'?"),
        ("HMIP-CRC-2019", "shipped framework"),
        ("", "shipped are"),
        ("a\0b", "shipped are"),
        ("x" * 5000, "shipped are"),
    ],
)
def test_a_framework_that_is_not_shipped_is_refused(name: str, says: str) -> None:
    """A name that is neither shipped nor a file is refused with what there is."""
    error = refused(lambda: inspectlib.load(name))
    assert type(error) is UnknownFramework
    assert says in str(error)


@pytest.mark.parametrize("name", ["a\0.yaml", f"{'x' * 5000}.yaml", f"{'x/' * 5000}y.yaml", "\ud800.yaml"])
def test_a_name_that_no_file_can_have_is_refused(name: str) -> None:
    """A path that the system itself refuses is told like any other that cannot be read."""
    error = refused(lambda: inspectlib.load(name))
    assert isinstance(error, (UnknownFramework, UnreadableFile))
    assert type(refused(lambda: inspectlib.load_evidence(name))) is UnreadableFile


# --- records -------------------------------------------------------------------------------------------------------

_FRAMEWORK = inspectlib.load("hmip-crc-2019")
_RECORD = inspectlib.rate(_FRAMEWORK, {"values": {"total": 16}}).to_json()


def _record(**changes: object) -> str:
    return json.dumps({**json.loads(_RECORD), **changes})


RECORDS = [
    Bad("not JSON", "{", OtherRecord, "not JSON"),
    Bad("empty", "", OtherRecord, "not JSON"),
    Bad("deep", "[" * 100_000, OtherRecord, "not JSON"),
    Bad("a list", "[]", OtherRecord, "no record of a judgement"),
    Bad("another format", _record(format="other/1"), OtherRecord, "its format is not"),
    Bad("without its standards", _record(standards=None), OtherRecord, "no record of a judgement"),
    Bad(
        "another fingerprint",
        _record(framework={"id": "a", "version": "1", "fingerprint": "0"}),
        OtherRecord,
        "given by a",
    ),
    Bad(
        "another rating",
        _RECORD.replace('"Good"', '"Outstanding"'),
        OtherRecord,
        "does not say what its evidence gives",
    ),
]


@pytest.mark.parametrize("bad", [pytest.param(bad, id=bad.name) for bad in RECORDS])
def test_a_bad_record_is_refused(bad: Bad) -> None:
    """A text that is no record of this framework, or says what its evidence does not give, is refused."""
    error = refused(lambda: inspectlib.Judgement.from_json(bad.text, _FRAMEWORK))
    assert type(error) is bad.error
    assert bad.says in str(error)


def test_an_unknown_node_is_refused() -> None:
    """A question about a node that is not there says which is near."""
    judgement = inspectlib.rate(_FRAMEWORK, {})
    for ask in (lambda: judgement["overal"], lambda: judgement.explain("overal"), lambda: _FRAMEWORK.graph["overal"]):
        error = refused(ask)
        assert type(error) is UnknownNode
        assert "did you mean 'overall'?" in str(error)


# --- the errors themselves -----------------------------------------------------------------------------------------

CLASSES = [
    found
    for _, found in inspect.getmembers(errors, inspect.isclass)
    if issubclass(found, Fault) and found is not Fault and found.__module__ == errors.__name__
]
BUILTIN = {
    "UnreadableFile": OSError,
    "MissingKey": KeyError,
    "WrongForm": TypeError,
    "NotExact": ArithmeticError,
    "UnknownFramework": LookupError,
    "UnknownName": LookupError,
    "UnknownNode": LookupError,
    "WrongKind": TypeError,
}


@pytest.mark.parametrize("fault", CLASSES)
def test_a_fault_is_caught_as_what_it_is(fault: type[Fault]) -> None:
    """Every fault is an InspectError, a ValueError and the nearest error of Python, and prints in one line."""
    for wider in (InspectError, ValueError, BUILTIN.get(fault.__name__, ValueError)):
        with pytest.raises(wider):
            raise fault("say what to do", path=("a", 0), where=Where("made-up.yaml", 3, 7))
    raised = fault("say what to do", path=("a", 0), where=Where("made-up.yaml", 3, 7))
    assert str(raised) == f"made-up.yaml:3:7: {fault.code}: say what to do"
    assert str(fault("so", path=("a", 0))) == f"{fault.code}: a > [1]: so"
    assert raised.faults == (raised,)
    assert fault.__doc__


def test_every_fault_has_a_name_of_its_own() -> None:
    """No two classes share a code, none hides a builtin, and each code reads like its class."""
    codes = [fault.code for fault in CLASSES]
    assert len(set(codes)) == len(codes)
    assert Fault.code not in codes
    assert not [fault for fault in CLASSES if hasattr(builtins, fault.__name__)]


def test_every_fault_is_met_by_a_test() -> None:
    """Each class of error is what some bad input in these tables raises."""
    met = {
        bad.error
        for rows in (
            test_bad_framework_files.TEXTS,
            test_bad_framework_files.DEEP,
            test_bad_framework_files.CHANGES,
            test_bad_framework_files.EXTENDING,
            test_bad_evidence.FILES,
            test_bad_evidence.CASES,
            RECORDS,
        )
        for bad in rows
    }
    # Bytes, above and in the test of framework files; questions, in the test of what would change a rating; new files,
    # workbooks and frames, in tests of their own.
    elsewhere = {NotUtf8, ByteOrderMark, NoRating, Unanswerable, FileExists, MissingPackage, OpenEvidence}
    assert set(CLASSES) - met - elsewhere == set()


def test_one_kind_is_picked_out_of_a_report() -> None:
    """`except*` on one class takes its faults out of a report and leaves the others."""
    gap, key, other = BandGap("gap"), UnknownKey("key"), UnknownKey("other")
    keys: list[BaseExceptionGroup[Any]] = []
    rest: list[Exception] = []
    try:
        raise_any([gap, key, other])
    except* UnknownKey as group:
        keys.append(group)
    except* Fault as group:
        rest.extend(group.exceptions)
    assert rest == [gap]
    assert [type(group) for group in keys] == [FaultReport]
    assert [group.exceptions for group in keys] == [(key, other)]


def test_a_report_is_caught_whole() -> None:
    """A report is an InspectError, and its text names every fault."""
    with pytest.raises(InspectError) as caught:
        raise_any([WrongForm("one"), MissingKey("two")])
    assert str(caught.value) == "wrong-form: one\nmissing-key: two"


def test_one_fault_is_raised_as_itself() -> None:
    """No report is made of one fault, and nothing is raised when there is none."""
    raise_any([])
    with pytest.raises(DepartureRefused):
        raise_any([DepartureRefused("so")])


def test_the_faults_of_a_report_are_in_the_order_of_the_file() -> None:
    """Faults are sorted by file, line and column as numbers, whatever the order in which they were found."""
    places = [("a", 2, 1), ("a", 2, 10), ("a", 10, 1), ("b", 1, 1)]
    faults = [BandGap("so", where=Where(*place)) for place in places]
    for order in (faults, faults[::-1], [faults[2], faults[0], faults[3], faults[1]]):
        with pytest.raises(FaultReport) as caught:
            raise_any(order)
        assert [fault.where for fault in caught.value.faults] == [Where(*place) for place in places]


# --- saving --------------------------------------------------------------------------------------------------------


def test_saving_replaces_a_file_whole(tmp_path: Path) -> None:
    """A new file and one that is replaced hold the text as UTF-8 with the line ends given, and nothing else is left."""
    file = tmp_path / "out.json"
    for text in ("caf\u00e9\r\none\n", "two\n"):
        save(file, text)
        assert file.read_bytes() == text.encode()
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.json"]


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("there", [True, False], ids=["replaced", "new"])
@pytest.mark.parametrize(
    ("failure", "error"),
    [
        pytest.param(OSError(errno.ENOSPC, "No space left on device"), UnreadableFile, id="full disk"),
        pytest.param(KeyboardInterrupt(), KeyboardInterrupt, id="interrupted"),
    ],
)
def test_a_failed_save_changes_nothing(
    step: str,
    *,
    there: bool,
    failure: BaseException,
    error: type[BaseException],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When writing fails at any step the old file is as it was, and neither a new one nor anything else is there."""
    if step == "chmod" and not there:
        pytest.skip("a new file is made with its permissions")
    file = tmp_path / "out.json"
    if there:
        file.write_text("old", encoding="utf-8")

    def failing(*_: object, **__: object) -> None:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(os, step, failing)
        with pytest.raises(error) as caught:
            save(file, "new")
    if isinstance(caught.value, UnreadableFile):
        assert str(caught.value) == f"{file}: unreadable-file: it cannot be written: No space left on device"
    assert {entry.name: entry.read_text("utf-8") for entry in tmp_path.iterdir()} == (
        {"out.json": "old"} if there else {}
    )


def test_a_text_that_is_no_utf8_changes_nothing(tmp_path: Path) -> None:
    """Half a character cannot be written; the old file stays, and no other is left."""
    file = tmp_path / "out.json"
    file.write_text("old", encoding="utf-8")
    refused(lambda: save(file, "\ud800"))
    assert {entry.name: entry.read_text("utf-8") for entry in tmp_path.iterdir()} == {"out.json": "old"}


def test_saving_follows_a_link(tmp_path: Path) -> None:
    """A link stays a link, and the file it leads to is replaced."""
    file, link = tmp_path / "real.json", tmp_path / "link.json"
    file.write_text("old", encoding="utf-8")
    link.symlink_to(file)
    save(link, "new")
    assert link.is_symlink()
    assert file.read_text("utf-8") == "new"


@pytest.mark.skipif(os.name == "nt", reason="permissions of this kind are those of POSIX")
def test_saving_keeps_permissions(tmp_path: Path) -> None:
    """A file that is replaced keeps its permissions; a new one has those that any new file has."""
    old, new, usual = tmp_path / "old.json", tmp_path / "new.json", tmp_path / "usual.json"
    for mode in (0o600, 0o640, 0o755):
        old.write_text("old", encoding="utf-8")
        old.chmod(mode)
        save(old, "new")
        assert old.stat().st_mode & 0o777 == mode
    usual.touch()
    save(new, "new")
    assert new.stat().st_mode == usual.stat().st_mode


@pytest.mark.parametrize("where", ["folder", "gone/out.json", "file/out.json", "x" * 300])
def test_saving_where_no_file_can_be_is_refused(where: str, tmp_path: Path) -> None:
    """A folder, and a path through what is not there or is no folder, cannot be written and are told as such."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("old", encoding="utf-8")
    error = refused(lambda: save(tmp_path / where, "new"))
    assert type(error) is UnreadableFile
    assert "it cannot be written" in str(error)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "folder"]
