"""inspectlib for the peers' benchmark: NumPy columns, in the layout that Hamilton gets."""

VENV = "inspectlib"
PACKAGES = ["inspectlib"]
LABEL = "inspectlib, NumPy columns"

import numpy as np  # noqa: E402
from _inspectlib_models import MODELS  # noqa: E402
from common import QUESTIONS, STANDARDS, raw  # noqa: E402

import inspectlib  # noqa: E402  # the constants above are read without importing this
import inspectlib.tables  # noqa: E402


class _Base:
    def setup(self):
        self.framework = inspectlib.load(MODELS / self.MODEL)

    def one(self, x):
        return inspectlib.tables.rate(self.framework, x, ratings="positions")

    batch = one

    def canon(self, result):
        return list(zip(*(result[name].tolist() for name in self.RESULTS), strict=True))

    def canon1(self, result):
        return self.canon(result)[0]

    def item(self, xs, i):
        return {name: array[i : i + 1] for name, array in xs.items()}


class A(_Base):
    MODEL = "model-a.yaml"
    RESULTS = ("total", "overall")
    OUTPUTS = (1, 2)

    def prep(self, n):
        columns = np.ascontiguousarray(np.frombuffer(raw("A", n), np.uint8).reshape(n, 10).T)
        return {name: columns[place] for place, name in enumerate(STANDARDS)}


class B(_Base):
    MODEL = "model-b.yaml"
    RESULTS = ("r1", "r2", "r3", "r4")
    MAX_N = 20_000

    def prep(self, n):
        answers = np.frombuffer(raw("B", n), np.uint8).reshape(n, 100, 12)
        return {name: np.ascontiguousarray(answers[:, :, place]) for place, name in enumerate(QUESTIONS)}
