"""inspectlib for the peers' benchmark: the compiled function for one input and for many, positions in and out."""

VENV = "inspectlib"
PACKAGES = ["inspectlib"]
LABEL = "inspectlib, compiled"

from _inspectlib_models import MODELS  # noqa: E402
from common import QUESTIONS, cols_b, dicts_a  # noqa: E402

import inspectlib  # noqa: E402  # the constants above are read without importing this


class A:
    RESULTS = ("r11", "total", "overall")

    def setup(self):
        framework = inspectlib.load(MODELS / "model-a.yaml")
        self.one = inspectlib.compile(framework, results=self.RESULTS, ratings="positions").function

    def prep(self, n):
        return dicts_a(n)

    def batch(self, xs):
        one = self.one
        return [one(x) for x in xs]

    def canon1(self, result):
        return tuple(result[name] for name in self.RESULTS)

    def canon(self, results):
        return [self.canon1(result) for result in results]


class B(A):
    RESULTS = ("r1", "r2", "r3", "r4")
    MAX_N = 2000

    def setup(self):
        framework = inspectlib.load(MODELS / "model-b.yaml")
        self.rate = inspectlib.compile(framework, results=self.RESULTS, ratings="positions").function

    def prep(self, n):
        return cols_b(n)

    def one(self, x):
        row = {}
        for question in QUESTIONS:
            answers = x[question]
            row[f"{question}.yes"] = sum(answers)
            row[f"{question}.of"] = len(answers)
        return self.rate(row)

    def batch(self, xs):
        return [self.one(x) for x in xs]
