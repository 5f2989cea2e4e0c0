"""How long a cold `inspectlib rate` takes, as a ratio to importing what it is built on.

Run it with the Python that inspectlib is installed in: ``python benchmarks/cold_start.py [ROUNDS]``. The commands take
turns, and the fastest and the median run of each are compared, because times on a shared machine are noise.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
CRC = ROOT / "examples" / "made-up-crc"
RATE = ["-m", "inspectlib", "rate", "hmip-crc-2019", str(CRC / "inspection.yaml"), "--cases", str(CRC / "cases.csv")]
COMMANDS = {
    "import attrs, cattrs, ruamel.yaml": ["-c", "import attrs, cattrs, ruamel.yaml"],
    "import attrs, cattrs": ["-c", "import attrs, cattrs"],
    "import inspectlib": ["-c", "import inspectlib"],
    "inspectlib rate, the made-up example": RATE,
}


def ratios(rounds: int, base: str = "import attrs, cattrs") -> dict[str, tuple[float, float]]:
    """How long each command takes, as ratios to one of them: of the fastest runs, and of the median ones."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, arguments in COMMANDS.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            times[name].append(time.perf_counter() - started)
    first = times[base]
    return {
        name: (min(found) / min(first), statistics.median(found) / statistics.median(first))
        for name, found in times.items()
    }


def main(rounds: int) -> None:
    """Time the commands in turns and print the ratios."""
    print(f"{'':40}{'fastest':>10}{'median':>10}   times import attrs, cattrs")
    for name, (fastest, median) in ratios(rounds).items():
        print(f"{name:40}{fastest:10.2f}{median:10.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
