"""Tables rated by Spark, in a session of its own on this machine. It takes ``pip install -e '.[spark]'`` and Java."""

from __future__ import annotations

import os
import random
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import inspectlib
from inspectlib.errors import RepeatedColumn, WrongForm
from strategies import shipped_framework, shipped_mapping
from table_engines import Line, check_frame
from table_rows import rows_for

sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed: pip install -e '.[spark]'")

pytestmark = [
    pytest.mark.skipif(
        not (os.environ.get("JAVA_HOME") or shutil.which("java")),
        reason="PySpark needs Java 17 or newer, which is absent",
    ),
    # What PySpark says of itself and of the versions beside it.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session on two cores of this machine."""
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.ui.showConsoleProgress": "false",
        # Where in the program each expression was made, which takes half of the time.
        "spark.python.sql.dataFrameDebugging.enabled": "false",
    }
    builder = sql.SparkSession.builder.master("local[2]").appName("inspectlib")
    for name, value in settings.items():
        builder = builder.config(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def made(spark: Any, data: Line) -> Any:
    """A frame of columns, text where nothing else is there."""
    types = {bool: "boolean", int: "bigint", str: "string", type(None): "string"}
    kinds = [next((type(cell) for cell in cells if cell is not None), str) for cells in data.values()]
    schema = ", ".join(f"`{name}` {types[kind]}" for name, kind in zip(data, kinds, strict=True))
    return spark.createDataFrame(list(zip(*data.values(), strict=True)), schema)


def read(frame: Any) -> list[Line]:
    """The rows of a frame."""
    return [row.asDict() for row in frame.collect()]


@pytest.mark.parametrize("name", ["care-quality-2022", "nursing-home-stars-2022"])
def test_spark_gives_what_rate_gives(spark: Any, name: str) -> None:
    """Row by row, of complete, open, absent, stated and wrong evidence, and it refuses the same."""
    rng = random.Random(f"spark {name}")
    rows = [row for _ in range(8) for row in rows_for(rng, shipped_mapping(name)) if row]
    assert check_frame(shipped_framework(name), rows, (lambda data: made(spark, data), read)) > 20


def test_tallies_and_an_open_rating(spark: Any) -> None:
    """Counts by key question, some not there, some wrong: what `rate` gives of each."""
    framework = shipped_framework("hmip-pdu-2023")
    data: dict[str, list[Any]] = {
        "2.1.1.yes": [7, 2, None, 9, -1],
        "2.1.1.of": [10, 10, None, 8, 3],
        "2.1.2.yes": [6, 5, 5, 5, 5],
        "2.1.2.of": [10, 10, 10, 10, 10],
        "2.1.3.yes": [9, 0, 9, 9, 9],
        "2.1.3.of": [10, 0, 10, 10, 10],
    }
    found = read(inspectlib.tables.rate(framework, made(spark, data)))
    for row, line in enumerate(found):
        tallies: dict[str, Any] = {
            question: {"yes": data[f"{question}.yes"][row], "of": data[f"{question}.of"][row]}
            for question in ("2.1.1", "2.1.2", "2.1.3")
            if data[f"{question}.of"][row] is not None
        }
        tallies = {question: tally if tally["of"] else "not applicable" for question, tally in tallies.items()}
        if row < 3:
            judgement = inspectlib.rate(framework, {"tallies": tallies})
            assert line["fault"] is None
            assert line["2.1"] == judgement["2.1"].text()
        else:
            assert line["fault"].startswith("bad-tally: column '2.1.1.yes': ")
            assert line["2.1"] is None


def test_case_tables(spark: Any) -> None:
    """Answers in words, as truths and as numbers are counted by inspection, and those that are none are named."""
    framework = shipped_framework("hmip-pdu-2023")
    frame = made(
        spark,
        {
            "inspection": ["a", "a", "a", "b", "b", "c"],
            "2.1.1": ["yes", "No ", None, "yes", "maybe", "not applicable"],
            "2.1.2": [True, False, True, None, True, True],
            "2.1.3": [1, 0, 1, 2, 1, None],
            "1.1": ["Good", None, "Good", None, None, "Good"],
        },
    )
    rated = inspectlib.tables.rate(framework, frame, by="inspection")
    counts = ["2.1.1.yes", "2.1.1.of", "2.1.1.open", "2.1.2.yes", "2.1.2.of", "2.1.2.open", "2.1.3.yes", "2.1.3.of"]
    found = read(rated)
    assert [[line[name] for name in counts] for line in found] == [
        [1, 2, 1, 2, 3, 0, 2, 3],
        [1, 1, 0, 1, 1, 1, 1, 1],
        [0, 0, 0, 1, 1, 0, 0, 0],
    ]
    assert [line["fault"] for line in found] == [
        None,
        "bad-answer: column '2.1.1': maybe is none of yes, no and not applicable",
        None,
    ]
    cases = [{"2.1.1": "yes", "2.1.2": "yes", "2.1.3": "yes"}, {"2.1.1": "no", "2.1.2": "no", "2.1.3": "no"}]
    cases.append({"2.1.2": "yes", "2.1.3": "yes"})
    evidence = {
        "cases": [{"id": str(number), "answers": answers} for number, answers in enumerate(cases)],
        "panel": {"1.1": "Good"},
    }
    judgement = inspectlib.rate(framework, evidence)
    for name in ("2.1.1", "2.1.2", "2.1.3", "2.1", "1.1"):
        assert found[0][name] == judgement[name].text(), name


def test_nothing_runs_until_it_is_asked_for(spark: Any, tmp_path: Path) -> None:
    """A plan comes back, in which no Python runs for a row; what the workers do begins with an action."""
    frame = spark.sql("SELECT raise_error('it ran') AS `carried.along`, 18 AS total, 36 AS `total.max`")
    rated = inspectlib.tables.rate(shipped_framework("hmip-youth-2021"), frame)
    assert type(rated) is type(frame)
    assert rated.columns == ["carried.along", "total", "total.max", "overall", "fault"]
    plan = rated._jdf.queryExecution().toString()
    assert "Python" not in plan
    with pytest.raises(Exception, match="it ran"):
        rated.collect()
    file = str(tmp_path / "rated")
    rated.drop("carried.along").write.parquet(file)
    assert [row["overall"] for row in spark.read.parquet(file).collect()] == ["Requires improvement"]


def test_what_spark_cannot_do_is_refused(spark: Any) -> None:
    """A column that it takes for a result, and a table whose faults could be raised only by collecting it."""
    framework = shipped_framework("hmip-youth-2021")
    with pytest.raises(RepeatedColumn, match="'Overall' differs from the result 'overall' in capitals only"):
        inspectlib.tables.rate(framework, spark.sql("SELECT 'x' AS Overall, 18 AS total"))
    with pytest.raises(WrongForm, match="collect it to raise them"):
        inspectlib.tables.rate(framework, spark.sql("SELECT 18 AS total"), faults="raise")
