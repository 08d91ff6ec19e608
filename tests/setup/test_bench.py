"""What `setup/bench` takes and prints; the measures themselves are replaced."""

import ast
import json

import pytest
from kit import bench, paths
from kit import bench_clock as clock
from kit import bench_figures as figures

KEYS = [
    "billing_vs_bare",
    "billing_vs_oca",
    "rating_first",
    "rating_again",
    "saving_vs_plain",
    "queries_one_line",
    "extra_queries_per_contract",
    "engine_vs_loop",
    "engine_entries_per_s",
    "scaling_16x",
    "finding_queries",
    "ticket_vs_plain",
    "watch_queries",
    "watch_writes",
    "deadlines_per_s",
    "deadlines_vs_odoo",
]
GIVEN = {
    "billing": {
        "billing_vs_bare": 1.2,
        "billing_vs_oca": 1.01,
        "extra_queries_per_contract": 3,
    },
    "rating": {"rating_first": 0.5, "rating_again": 0.1},
    "saving": {"saving_vs_plain": 1.7},
    "one_line": {"queries_one_line": 40},
    "engine": {
        "engine_vs_loop": 3.5,
        "engine_entries_per_s": 30000,
        "deadlines_per_s": 60000,
    },
    "scaling": {"scaling_16x": 16.5},
    "finding": {"finding_queries": 1},
    "tickets": {"ticket_vs_plain": 1.2},
    "watch": {"watch_queries": 2, "watch_writes": 100},
    "deadlines": {"deadlines_vs_odoo": 0.01},
}


@pytest.fixture
def asked(monkeypatch):
    """What was measured, in which order; the measures give GIVEN."""
    done = []

    def engine(rounds):
        done.append(("engine", rounds))
        return GIVEN["engine"], {"engine_s": 1.0}

    def in_odoo(measures, rounds):
        done.extend((name, rounds) for name in measures)
        values = {key: GIVEN[name][key] for name in measures for key in GIVEN[name]}
        return values, {name: {} for name in measures}

    monkeypatch.setattr(bench, "_engine", engine)
    monkeypatch.setattr(bench, "_in_odoo", in_odoo)
    return done


def test_json_is_one_document_with_exactly_the_keys_and_numbers(asked, capsys):
    bench.bench(["--json"])
    document = json.loads(capsys.readouterr().out)
    assert list(document) == [*KEYS, "details"]
    assert all(type(document[key]) in (int, float) for key in KEYS)
    assert document["details"]["rounds"] == 5


def test_chosen_figures_are_measured_and_printed_alone(asked, capsys):
    assert bench.bench(["rating_again", "--rounds", "3", "--json"]) == 0
    assert asked == [("rating", 3)]
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["rating_again", "details"]


def test_a_measure_that_gives_several_figures_is_done_once(asked, capsys):
    bench.bench(["extra_queries_per_contract", "billing_vs_bare", "engine_vs_loop"])
    assert asked == [("engine", 5), ("billing", 5)]
    assert "billing_vs_oca" not in capsys.readouterr().out


def test_table_says_of_each_figure_whether_its_goal_is_held(asked, capsys):
    assert bench.bench([]) == 1
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "MISSED" in lines["billing_vs_oca"]
    assert "<= 1.00" in lines["billing_vs_oca"]
    assert "held" in lines["queries_one_line"]
    assert "held" not in lines["engine_entries_per_s"]
    assert "30 000" in lines["engine_entries_per_s"]


def test_the_status_tells_whether_all_goals_are_held(asked):
    assert bench.bench(["billing_vs_bare", "scaling_16x"]) == 0
    assert bench.bench(["billing_vs_bare", "billing_vs_oca"]) == 1


@pytest.mark.parametrize("words", [["no_such_figure"], ["--rounds", "0"]])
def test_what_makes_no_sense_is_refused(words, asked):
    with pytest.raises(SystemExit) as caught:
        bench.bench(words)
    assert caught.value.code == 2
    assert not asked


def test_every_figure_has_a_measure_in_odoo_or_is_the_engine_s():
    """That module needs Odoo, so it is read."""
    tree = ast.parse((paths.SETUP / "kit" / "bench_odoo.py").read_text())
    (known,) = [
        {key.value for key in node.value.keys}
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "MEASURES"
    ]
    assert known | {"engine"} == set(figures.measures(KEYS))


def test_sides_take_turns_and_the_first_round_is_thrown_away():
    order = []
    sides = {name: lambda name=name: order.append(name) or len(order) for name in "ab"}
    results = clock.take_turns(sides, 3)
    assert "".join(order) == "ba" + "ab" + "ba" + "ab"
    assert results == {"a": [3, 6, 7], "b": [4, 5, 8]}


def test_a_figure_is_the_median_of_the_rounds_ratios():
    assert clock.ratio([2, 3, 100], [1, 1, 25]) == 3
