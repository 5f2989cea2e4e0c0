"""What `import inspectlib` loads."""

from __future__ import annotations

import subprocess
import sys


def test_import_loads_nothing_that_is_not_asked_for() -> None:
    """Neither networkx, narwhals nor NumPy, nor anything of ours but the package itself."""
    code = "import sys, inspectlib; print(*sorted(sys.modules))"
    names = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    heavy = {"networkx", "narwhals", "numpy", "pandas", "polars", "duckdb", "ruamel", "cattrs", "attrs"}
    assert not heavy.intersection(names)
    assert [name for name in names if name.startswith("inspectlib.")] == []


def test_rating_needs_no_engine() -> None:
    """Loading, rating and explaining load neither networkx, narwhals nor NumPy."""
    code = (
        "import sys, inspectlib\n"
        "framework = inspectlib.load('hmip-pdu-2023')\n"
        "inspectlib.rate(framework, {'panel': {'1.1': 'Good'}}).explain('overall').text()\n"
        "print(*sorted(sys.modules))"
    )
    names = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    assert not {"networkx", "narwhals", "numpy", "pandas", "polars", "duckdb"}.intersection(names)
