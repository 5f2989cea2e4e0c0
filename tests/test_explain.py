"""What an explanation says, and how: the wording is stable, the figures are exact."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import inspectlib
from inspectlib.cli import cli
from inspectlib.errors import NotExact, OffScale, OtherRecord, UnknownNode
from inspectlib.exact import percent_text
from inspectlib.proportion import MAX_CASES, share_interval
from strategies import Plain

EXAMPLE = Path(__file__).parent.parent / "examples" / "made-up-crc"
CRC = inspectlib.load("hmip-crc-2019")
CRC_EXAMPLE = inspectlib.load_evidence(EXAMPLE / "inspection.yaml", cases=EXAMPLE / "cases.csv")
MADE_UP = inspectlib.rate(CRC, CRC_EXAMPLE)

#: Fieldwork under way (made up): one question is lost already, most of the rest is open.
HALF: Plain = {
    "tallies": {
        "2.1.1": {"yes": 10, "of": 60, "open": 8}, "2.1.2": {"yes": 30, "of": 60, "open": 8},
        "2.2.1": {"yes": 50, "of": 60, "open": 1}, "2.2.2": {"yes": 41, "of": 60, "open": 4},
        "2.2.3": {"yes": 58, "of": 60, "open": 4},
    },
    "panel": {"1.2": "Good", "1.3": "Good", "1.4": "Outstanding"},
}  # fmt: skip


def tally(yes: int, of: int, **more: int) -> dict[str, int]:
    """A tally."""
    return {"yes": yes, "of": of, **more}


# --- the short answer


@pytest.mark.parametrize(
    ("node", "says"),
    [
        (
            "overall",
            """\
Overall rating: Requires improvement
   - Mean score is 9/10, above 1/2 up to and including 3/2.
   - Mean score is 9/10: Total score is 9 of 30.
   - 1.1 Leadership was limited to Requires improvement: the panel rated it Good; Guide ceiling for leadership is \
Requires improvement, and no reason for departing is recorded.
   - Enough for it, whatever the other standards are: 1.1 Leadership (Requires improvement); 1.2 Staff (Requires \
improvement); 1.3 Services (Good); 1.4 Information and facilities (Good); 2.1 Assessment (Inadequate: 2.1.3 keeping \
others safe 44 of 100); 2.2 Planning (Inadequate: 2.2.3 keeping others safe 33 of 70); 2.4 Reviewing (Inadequate: \
2.4.2 desistance 49 of 100).
   - Next band: for Overall rating, Good is above 3/2 up to and including 5/2, that is past 15 of 30 points; it \
has 9.""",
        ),
        (
            "2.1",
            """\
2.1 Assessment: Inadequate
   - Lowest of 3: 2.1.3 keeping others safe is Inadequate.
   - 2.1.3 keeping others safe is Inadequate: 44 of 100 applicable cases are sufficient: 44%, below 50%.
   - Enough for it, whatever other evidence says: 2.1.3 keeping others safe (44 of 100).
   - Next band: for 2.1.3 keeping others safe, Requires improvement is from 50% to below 65%, which 6 more sufficient \
answers would reach.""",
        ),
        (
            "1.2",
            """\
1.2 Staff: Requires improvement
   - The panel rated it Requires improvement (its reason: Made up - workloads are high and supervision of staff is \
irregular.).""",
        ),
    ],
)
def test_the_short_answer_says(node: str, says: str) -> None:
    """What decided, what limited, what is enough and how far it is to the next band, in stable words."""
    assert MADE_UP.explain(node).text() == says


def test_the_short_answer_names_the_rule_that_limited() -> None:
    """A limited rating comes with the node and the rule that limited it, and with the rule's basis."""
    short = MADE_UP.explain("1.1").short
    assert (short.limited_by, short.decided_by) == ("leadership_ceiling", ("leadership_ceiling",))
    assert (
        "The rule that limited it (modelled): judged by the ratings panel from all evidence, no better than the guide "
        "ceiling for leadership, unless the panel records its reason for departing."
    ) in short.sentences
    assert MADE_UP.explain("overall").short.limited == ("1.1",)


def test_the_short_answer_while_evidence_is_open() -> None:
    """What is settled whatever comes says so; what is open says what of its evidence matters most."""
    judgement = inspectlib.rate(CRC, HALF)
    settled = judgement.explain("2.1").short
    assert (settled.has, settled.settled_early) == ("Inadequate", True)
    assert "It is settled: 3 pieces of open evidence beneath it can no longer change it." in settled.sentences
    assert judgement.explain("2.2").text() == (
        "2.2 Planning: open, Requires improvement to Good\n"
        "   - Enough for this interval, whatever other evidence says: 2.2.1 engagement (50 of 60 and 1 open); 2.2.2 "
        "desistance (41 of 60 and 4 open); 2.2.3 keeping others safe (58 of 60 and 4 open).\n"
        "   - 3 pieces of open evidence beneath it. What matters most:\n"
        "   - 2.2.2 desistance (4 answers open) can settle it alone: if 0 of 4 more answers are sufficient: Requires "
        "improvement; if 4 of 4 more answers are sufficient: Good; if none of the open cases is applicable: Good.\n"
        "   - 2.2.3 keeping others safe (4 answers open) can narrow nothing alone.\n"
        "   - 2.2.1 engagement (1 answer open) can narrow nothing alone."
    )


@pytest.mark.parametrize(("yes", "of"), [(0, 1), (7, 10), (12, 15), (15, 15), (79, 100), (49, 99), (64, 100)])
def test_the_next_band_is_reached_by_so_many_answers_and_no_fewer(yes: int, of: int) -> None:
    """So many more sufficient answers bring the key question to the band named, and one fewer does not."""
    found = inspectlib.rate(CRC, {"tallies": {"2.1.1": tally(yes, of)}}).explain("2.1.1").short.next_bands
    if yes * 100 >= 80 * of:
        assert found == ()
        return
    (band,) = found
    if band.answers is None:  # so small a sample has no share in the next band, nor beyond
        return
    for more, reached in ((band.answers, True), (band.answers - 1, False)):
        rating = inspectlib.rate(CRC, {"tallies": {"2.1.1": tally(yes + more, of)}})["2.1.1"].rating
        order = CRC.data.scales["ratings"].ratings
        assert (order.index(str(rating)) >= order.index(band.rating)) == reached


def test_what_is_not_foreseen_is_refused() -> None:
    """A node that is not there, a confidence that is none, and a record without its framework are refused."""
    with pytest.raises(UnknownNode, match="did you mean 'delivery'"):
        MADE_UP.explain("delivry")
    for ask in (MADE_UP.reasons, MADE_UP.missing, MADE_UP.closeness):
        with pytest.raises(UnknownNode, match="did you mean"):
            ask("overal")
    for confidence, fault in (("100%", OffScale), ("0", OffScale), ("-1/2", OffScale), ("sure", NotExact)):
        with pytest.raises(fault):
            MADE_UP.explain("overall", confidence=confidence)
    record = inspectlib.Judgement.from_json(MADE_UP.to_json())
    for ask in (record.reasons, record.missing, record.closeness):
        with pytest.raises(OtherRecord, match="with its framework"):
            ask("overall")


# --- open evidence


def test_settled_early_is_seen_in_every_form() -> None:
    """A rating that open evidence can no longer change is marked, in Python, in the record and in the table."""
    judgement = inspectlib.rate(CRC, HALF)
    assert judgement["2.1"].settled_early
    assert not judgement["2.2"].settled_early  # it is open
    assert not judgement["1.2"].settled_early  # nothing of it is open
    data = json.loads(judgement.to_json())
    assert data["standards"]["2.1"]["settled_early"] is True
    assert "settled_early" not in data["standards"]["1.2"]
    assert inspectlib.Judgement.from_json(judgement.to_json()) == judgement
    printed = CliRunner().invoke(cli, ["rate", "hmip-crc-2019", "-"], input=json.dumps(HALF)).stdout
    assert "settled: open evidence" in printed
    assert "Open evidence that matters most to it: 1.1 Leadership;" in printed


def test_a_stated_rating_is_not_settled_early() -> None:
    """What is stated outright does not wait for what is beneath it."""
    judgement = inspectlib.rate(CRC, {"ratings": {"2.2": "Good"}, "tallies": {"2.2.1": tally(7, 10, open=1)}})
    assert judgement["2.2"].rating == "Good"
    assert not judgement["2.2"].settled_early


def test_what_matters_most_is_what_it_says() -> None:
    """Each way out that is named replays: rated with it, the node has what was said; and the order is as documented."""
    judgement = inspectlib.rate(CRC, HALF)
    pieces = judgement.missing("2.2")
    assert [piece.node for piece in pieces] == ["2.2.2", "2.2.3", "2.2.1"]
    assert [piece.can_settle for piece in pieces] == [True, False, False]
    for piece in pieces:
        count = HALF["tallies"][piece.node]
        assert piece.open == count["open"]
        worst, best = piece.ways[0], piece.ways[1]
        for way, more in ((worst, 0), (best, count["open"])):
            come = {**HALF, "tallies": {**HALF["tallies"], piece.node: tally(count["yes"] + more, 60 + count["open"])}}
            found = inspectlib.rate(CRC, come)["2.2"]
            assert way.then == found.text().replace("open:", "open,"), (piece, way)
            assert way.settles == (found.state == "settled")
    assert judgement.missing("2.1") == ()  # it is settled
    overall = judgement.missing("overall")
    ranks = [(not piece.can_settle, -piece.narrows, -(piece.narrows_number or 0)) for piece in overall]
    assert ranks == sorted(ranks)


# --- closeness


def test_closeness_gives_the_facts_for_discretion() -> None:
    """Near an edge, one answer away, a small sample, another rating by rounding: each is seen, on both sides."""
    tallies = {"2.3.1": tally(129, 200), "2.3.2": tally(4, 5), "2.3.3": tally(71, 100)}
    found = inspectlib.rate(CRC, {"tallies": tallies}).closeness("2.3")
    near, small, neither = found.shares
    assert (near.edge, near.points, near.near) == (Fraction("0.65"), Fraction(1, 2), True)
    assert (near.one_more, near.one_fewer, near.other_rounding) == ("Good", None, "Good")
    assert small.small_sample
    assert small.points == 0
    assert (small.one_fewer, small.one_more) == ("Requires improvement", None)
    assert neither.words() == ()
    assert found.one_answer == ("one more sufficient answer to 2.3.1 would change the rating",)
    assert found.grounds == (
        "2.3.1 has 64.5%, within 5 points of 65%", "one more sufficient answer to 2.3.1 would change the rating",
    )  # fmt: skip
    assert (found.within_points, found.confidence) == (Fraction(5), Fraction("0.95"))
    assert found.sample_at_most == 5


def test_closeness_follows_one_answer_to_the_top() -> None:
    """For the overall rating, one answer counts through every rule above it, the guide of leadership too."""
    ratings = dict.fromkeys(("2.2", "2.3", "2.4", "4.1", "4.2"), "Requires improvement")
    evidence: Plain = {
        "ratings": {**ratings, "4.2": "Inadequate", "4.1": "Inadequate"},
        "tallies": {"2.1.1": tally(49, 100), "2.1.2": tally(90, 100), "2.1.3": tally(90, 100)},
        "panel": {"1.1": "Good", "1.2": "Good", "1.3": "Good", "1.4": "Inadequate"},
    }
    before = inspectlib.rate(CRC, evidence)
    assert before.closeness("delivery").one_answer == ("one more sufficient answer to 2.1.1 would change the rating",)
    evidence["tallies"]["2.1.1"] = tally(50, 100)
    assert inspectlib.rate(CRC, evidence)["delivery"].rating != before["delivery"].rating
    assert before["1.1"].limited_by == "leadership_ceiling"
    assert before.closeness("1.1").one_answer == ("one more sufficient answer to 2.1.1 would change the rating",)
    assert inspectlib.rate(CRC, evidence)["1.1"].rating == "Good"


def test_closeness_where_shares_have_no_bands() -> None:
    """Where shares are reported and not rated there are no edges, and the interval is there all the same."""
    judgement = inspectlib.rate(inspectlib.load("hmip-small-youth-2019"), {"tallies": {"2.1.1": tally(5, 7)}})
    (share,) = judgement.closeness("2.1").shares
    assert (share.rating, share.edge, share.near, share.other_rounding) == (None, None, False, None)
    assert share.interval is not None


#: Published values of the exact interval at 95%: Newcombe (1998), table I (81 of 263, 15 of 148, 0 of 20, 1 of 29); and
#: of the rule of three's exact form, 1 - 0.025 ** (1 / n), for 0 of n.
PUBLISHED = {(81, 263): ("0.2527", "0.3676"), (15, 148): ("0.0578", "0.1617"), (0, 20): ("0", "0.1684"),
             (1, 29): ("0.0009", "0.1776"), (0, 10): ("0", "0.3085"), (10, 10): ("0.6915", "1")}  # fmt: skip


@pytest.mark.parametrize(("counted", "bounds"), PUBLISHED.items(), ids=str)
def test_interval_is_as_published(counted: tuple[int, int], bounds: tuple[str, str]) -> None:
    """The interval is the published one, rounded outward to a tenth of a percentage point."""
    low, high = (Fraction(bound) for bound in bounds)
    found = share_interval(*counted, Fraction(95, 100))
    assert found is not None
    assert found[0] <= low < found[0] + Fraction(11, 10_000)
    assert found[1] - Fraction(11, 10_000) < high <= found[1]


@given(
    of=st.integers(1, 40),
    part=st.integers(0, 40),
    confidence=st.sampled_from([Fraction(1, 2), Fraction(9, 10), Fraction(999, 1000)]),
)
@settings(max_examples=60)
def test_interval_is_exact(of: int, part: int, confidence: Fraction) -> None:
    """The bounds hold by the sums of the binomial distribution, and a tenth of a point further in they do not."""
    yes, half, step = min(part, of), (1 - confidence) / 2, Fraction(1, 1000)
    found = share_interval(yes, of, confidence)
    assert found is not None
    low, high = found

    def at_least(count: int, share: Fraction) -> Fraction:
        return sum((comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(count, of + 1)), Fraction(0))

    assert at_least(yes, low) <= half or low == 0
    assert yes == 0 or at_least(yes, low + step) > half
    assert 1 - at_least(yes + 1, high) <= half or high == 1
    assert yes == of or 1 - at_least(yes + 1, high - step) > half


def test_interval_has_an_end_to_its_size() -> None:
    """No case and too many cases have no interval."""
    assert share_interval(0, 0, Fraction(1, 2)) is None
    assert share_interval(MAX_CASES, MAX_CASES + 1, Fraction(1, 2)) is None
    judgement = inspectlib.rate(CRC, {"tallies": {"2.1.1": tally(10**9, 10**10)}})
    assert judgement.closeness("2.1.1").shares[0].interval is None
    assert "interval" not in judgement.explain("2.1.1").text(full=True).partition("the 95%")[0]


# --- the command line


def run(*arguments: str) -> str:
    """What a command prints; it must end well."""
    result = CliRunner().invoke(cli, list(arguments))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_explain_on_the_command_line() -> None:
    """Short by default, all of it with --full, as text or Markdown; JSON is of the form that its schema says."""
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types

    command = (
        "explain",
        "hmip-crc-2019",
        str(EXAMPLE / "inspection.yaml"),
        "2.1",
        "--cases",
        str(EXAMPLE / "cases.csv"),
    )
    short, full = run(*command), run(*command, "--full", "--confidence", "90%")
    assert full.startswith(short.rstrip("\n"))
    assert "2.1.3 keeping others safe: 44 of 100, 44%, Inadequate; 90% interval 35.5% to 52.8%" in full
    assert "did not decide: 2.1.1 Good, 2.1.2 Requires improvement" in full
    assert "reported: The Inspectorate's published rating methodology" in full
    marked = run(*command, "--format", "markdown", "--full")
    assert marked.startswith("# 2.1 Assessment: Inadequate\n\n- ")
    data = json.loads(run(*command, "--format", "json"))
    assert data["format"] == "inspectlib/explanation/2"
    Draft202012Validator(json.loads(run("schema", "--explanation"))).validate(data)
    bad = CliRunner().invoke(cli, [*command, "--confidence", "2"])
    assert (bad.exit_code, "--confidence" in bad.output) == (2, True)


def test_markdown_shows_what_was_recorded_as_text() -> None:
    """What a panel wrote cannot become a link, markup or a new line of the Markdown."""
    reason = "[x](http://x) <b>*bold*</b>\n# heading `code`"
    judgement = inspectlib.rate(CRC, {"panel": {"1.2": {"rating": "Good", "reason": reason}}})
    text = judgement.explain("1.2").markdown()
    assert r"\[x\](http://x) \<b\>\*bold\*\</b\> \# heading \`code\`" in text


@pytest.mark.parametrize("seed", range(3))
def test_shares_in_words_are_those_of_the_interval(seed: int) -> None:
    """The bounds shown are whole tenths of a percentage point, so nothing is rounded a second time."""
    rng = random.Random(seed)
    of = rng.randint(1, 300)
    found = share_interval(rng.randint(0, of), of, Fraction(95, 100))
    assert found is not None
    assert all(Fraction(percent_text(bound).rstrip("%")) == bound * 100 for bound in found)
