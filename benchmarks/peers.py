"""The peers' benchmark with inspectlib in it: the same two models, checked against expected results, then timed.

``python benchmarks/peers.py FOLDER`` takes a copy of the benchmark's folder (in which ``install.sh`` was run), adds the
plug-ins to it, and runs it for the tools that the targets name. Rounds are interleaved; medians are reported.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PLUGINS = ("inspectlib_compiled", "inspectlib_arrays")
PEERS = ("plain_python", "numpy_vec", "jsonlogic_datalogic", "hamilton_lib", "zen_graph")


def main(bench: Path, arguments: list[str]) -> None:
    """Add the plug-ins, and run."""
    for name in (*PLUGINS, "_inspectlib_models"):
        shutil.copy(HERE / "plugins" / f"{name}.py", bench / "plugins")
    shutil.copy(HERE / "plugins" / "_inspectlib_models.py", bench)
    python = bench.parent / "venvs" / "inspectlib"
    if not python.exists():
        python.symlink_to(sys.prefix)
    command = [sys.executable, "bench.py", *(arguments or ["run"]), "--tools", ",".join((*PEERS, *PLUGINS))]
    environment = os.environ | {"INSPECTLIB_MODELS": str(HERE / "models")}
    subprocess.run(command, cwd=bench, env=environment, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
