"""Write docs/explanation/mutation.md from what `mutmut run` found.

    rm -rf mutants                      forget the last run: mutmut does not see that tests have changed
    mutmut run --max-children 2         try every mutant (some 20 minutes; mutmut goes on where it was stopped)
    python tools/mutation.py            write the page
    python tools/mutation.py --check    exit 1 when the page is not what the run gives

Exit code 1 also when a survivor has no reason in tools/mutation.toml, a reason there is for no survivor, mutants were
not tried, or the score is below what the page promises.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import textwrap
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

import attrs

from inspectlib.exact import percent_text

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "mutation.md"
REASONS = ROOT / "tools" / "mutation.toml"
WIDTH = 120
#: The least share of mutants that the tests must find.
LEAST = Fraction(95, 100)

#: What mutmut says of a mutant that a test has found, one way or another.
FOUND = ("killed", "timeout", "segfault")
MISSED = ("survived", "no tests")

_MUTANT = re.compile(r"inspectlib\.(?P<module>[\w.]+)\.x(?:ǁ(?P<cls>\w+)ǁ|_)(?P<function>\w+)__mutmut_\d+", re.ASCII)


@attrs.frozen
class Mutant:
    """One mutant.

    Attributes:
        name: its name for mutmut.
        status: what came of it, as mutmut says.
    """

    name: str
    status: str

    def _match(self) -> re.Match[str]:
        found = _MUTANT.fullmatch(self.name)
        assert found, self.name
        return found

    @property
    def module(self) -> str:
        """The module it is in: ``rules/table.py``."""
        return self._match()["module"].replace(".", "/") + ".py"

    @property
    def function(self) -> str:
        """The function it is in: ``Table.value``."""
        found = self._match()
        return f"{found['cls']}.{found['function']}" if found["cls"] else found["function"]


@attrs.frozen
class Survivor:
    """A mutant that no test found, with the lines it changes."""

    mutant: Mutant
    before: str
    after: str


@attrs.frozen
class Reason:
    """Why some mutants survive.

    Attributes:
        why: the reason.
        line: what the changed line is like, as a regular expression.
        function: the function that it is in; any unless given.
    """

    why: str
    line: str
    function: str = ""

    def fits(self, survivor: Survivor) -> bool:
        """Whether it is the reason of a survivor."""
        where = f"{survivor.mutant.module}:{survivor.mutant.function}"
        return (not self.function or self.function == where) and bool(re.search(self.line, survivor.after))


def mutmut(*arguments: str) -> str:
    """What a command of mutmut prints."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603  # its own


def read_mutants() -> tuple[Mutant, ...]:
    """Every mutant with what came of it."""
    lines = (line.strip().rpartition(": ") for line in mutmut("results", "--all", "true").splitlines())
    return tuple(Mutant(name, status) for name, _, status in lines if name)


def read_survivor(mutant: Mutant) -> Survivor:
    """What a mutant changes."""
    lines = [line for line in mutmut("show", mutant.name).splitlines() if not line.startswith(("---", "+++"))]
    before, after = ("\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in ("-", "+"))
    return Survivor(mutant, before, after)


def read_reasons() -> tuple[Reason, ...]:
    """The reasons, in the order in which they are tried."""
    return tuple(Reason(**entry) for entry in tomllib.loads(REASONS.read_text("utf-8"))["reason"])


def skipped_functions(modules: Iterable[str]) -> int:
    """How many functions there are that mutmut leaves alone because they are decorated."""
    trees = (ast.parse((ROOT / "src" / "inspectlib" / module).read_text("utf-8")) for module in modules)
    return sum(
        isinstance(node, ast.FunctionDef) and bool(node.decorator_list) and not _is_method_kind(node)
        for tree in trees
        for node in ast.walk(tree)
    )


def _is_method_kind(node: ast.FunctionDef) -> bool:
    """Class and static methods are mutated although they are decorated."""
    only = node.decorator_list[0]
    return len(node.decorator_list) == 1 and isinstance(only, ast.Name) and only.id in {"classmethod", "staticmethod"}


def page(mutants: Sequence[Mutant], survivors: Sequence[Survivor], reasons: Sequence[Reason]) -> str:
    """The whole page."""
    modules = sorted({mutant.module for mutant in mutants})
    found = sum(mutant.status in FOUND for mutant in mutants)
    missed = len(mutants) - found
    score = percent_text(Fraction(found, len(mutants)))
    opening = f"""
        Tests that pass say little unless they fail when the code is wrong. So the code is made wrong on purpose, one
        small change at a time: a comparison turned, a number raised by one, an argument left out, a word of a message
        changed. [mutmut](https://mutmut.readthedocs.io) ({version("mutmut")}) makes every such change that it knows
        and runs the tests on each, a *mutant* of the code. A mutant is found when a test fails; one that survives
        shows code that is not tested, or a change that makes no difference.
    """
    figure = f"""
        Of {len(mutants):,} mutants of the scales, the rules, the graph and the rating, the tests find {found:,}: a
        score of **{score}**. At least {percent_text(LEAST)} is promised, and every one that survives is listed below
        with the reason.
    """
    scope = """
        `scales.py` and `rules/` say what scales, bands and rules are, `graph.py` is the rule graph of a framework,
        `evaluate.py` computes the value of every node, or the interval where evidence is open, and `rating.py`,
        `reasons.py` and `discretion.py` make outcomes of them. Other modules, which read and write files, explain,
        draw and prove, are tested without mutants.
    """
    tests = f"""
        Only the tests in `tests/unit` are run on the mutants, because the whole suite would take days. The property
        tests, [the laws](laws.md), the [published ratings](published.md) and the [fuzzed readers](robustness.md) come
        on top. mutmut leaves decorated functions alone: the {skipped_functions(modules)} there are in these modules,
        all of them properties, hold one line each, which a test makes sure of.
    """
    return "\n".join(
        [
            "# Mutation testing",
            "",
            "<!-- This page is written by tools/mutation.py. Change that, not this. -->",
            "",
            *_wrapped(opening),
            "",
            *_wrapped(figure),
            "",
            *_table(mutants, modules),
            "",
            *_wrapped(scope),
            "",
            *_wrapped(tests),
            "",
            "Run it again, some 20 minutes, and write this page with",
            "",
            "    rm -rf mutants",
            "    mutmut run --max-children 2",
            "    python tools/mutation.py",
            "",
            f"## The {missed} that survive, and why",
            *(line for reason in reasons for line in _survivors(reason, survivors, reasons)),
            "",
        ]
    )


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), WIDTH, break_long_words=False, break_on_hyphens=False)


def _table(mutants: Sequence[Mutant], modules: Sequence[str]) -> Iterator[str]:
    yield "| module | mutants | found | survived | score |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for module in modules:
        yield _row(f"`{module}`", [mutant for mutant in mutants if mutant.module == module])
    yield _row("all", mutants)


def _row(title: str, mutants: Sequence[Mutant]) -> str:
    counts = Counter(mutant.status in FOUND for mutant in mutants)
    share = percent_text(Fraction(counts[True], len(mutants)))
    return f"| {title} | {len(mutants):,} | {counts[True]:,} | {counts[False]} | {share} |"


def _survivors(reason: Reason, survivors: Sequence[Survivor], reasons: Sequence[Reason]) -> Iterator[str]:
    mine = [survivor for survivor in survivors if reason_of(survivor, reasons) is reason]
    if not mine:
        return
    yield ""
    yield from _wrapped(f"**{len(mine)}:** {reason.why}")
    yield ""
    yield "```diff"
    last = ("", "")
    for survivor in sorted(mine, key=lambda s: (s.mutant.module, s.mutant.function, s.before, s.after)):
        where = f"{survivor.mutant.module}: {survivor.mutant.function}"
        if (where, survivor.before) != last:
            yield f"# {where}"
            yield from (f"- {line}" for line in survivor.before.splitlines())
        last = (where, survivor.before)
        yield from (f"+ {line}" for line in survivor.after.splitlines())
    yield "```"


def reason_of(survivor: Survivor, reasons: Sequence[Reason]) -> Reason | None:
    """The first reason that fits."""
    return next((reason for reason in reasons if reason.fits(survivor)), None)


def complaints(mutants: Sequence[Mutant], survivors: Sequence[Survivor], reasons: Sequence[Reason]) -> Iterator[str]:
    """What keeps the page from being whole."""
    untried = [mutant for mutant in mutants if mutant.status not in (*FOUND, *MISSED)]
    if untried or not mutants:
        yield f"{len(untried)} of {len(mutants)} mutants were not tried; run mutmut run"
    used = [reason_of(survivor, reasons) for survivor in survivors]
    for survivor, reason in zip(survivors, used, strict=True):
        if reason is None:
            yield f"no reason for {survivor.mutant.name}\n  - {survivor.before}\n  + {survivor.after}"
    yield from (f"a reason for no survivor: {reason.why}" for reason in reasons if reason not in used)
    if mutants and Fraction(sum(mutant.status in FOUND for mutant in mutants), len(mutants)) < LEAST:
        yield f"the tests find less than {percent_text(LEAST)} of the mutants"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description="Write docs/explanation/mutation.md from what mutmut run found.")
    parser.add_argument("--check", action="store_true", help="exit 1 when the page is not what the run gives")
    options = parser.parse_args(arguments)
    mutants = read_mutants()
    survivors = [read_survivor(mutant) for mutant in mutants if mutant.status in MISSED]
    reasons = read_reasons()
    print("\n".join(_table(mutants, sorted({mutant.module for mutant in mutants}))))
    found = list(complaints(mutants, survivors, reasons))
    if not found:
        text = page(mutants, survivors, reasons)
        if not options.check:
            PAGE.write_text(text, "utf-8")
        elif not PAGE.exists() or PAGE.read_text("utf-8") != text:
            found = [f"{PAGE.name} is not what the run gives; run python tools/mutation.py"]
    print("".join(f"{complaint}\n" for complaint in found), end="", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
