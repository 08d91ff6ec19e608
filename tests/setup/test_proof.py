"""What setup/test offers beyond pytest: laws, mutants, peers, rounds."""

import pytest
from kit import (
    laws,
    mutants,
    outcomes,
    paths,
    peers,
    phases,
    rounds,
    rules,
    tables,
    test,
)
from kit.console import SetupError

STATISTICS = """test_x.py::test_law:

  - during reuse phase (0.01 seconds):
    - 20 passing, 0 failing, and 3 invalid test cases

  - during generate phase (0.06 seconds):
    - Typical runtimes: < 1ms
    - 480 passing, 0 failing, and 7 invalid test cases

  - Stopped because {reason}
"""


def law(examples=500, result=outcomes.PASSED, exhausted=False):
    return laws.Law("test_x.test_law", result, examples, exhausted)


# Options


@pytest.mark.parametrize("word", ["--laws", "--mutants", "--peers"])
def test_an_option_of_ours_gets_the_words_behind_it(monkeypatch, word):
    seen = []
    module = {"--laws": laws, "--mutants": mutants, "--peers": peers}[word]
    monkeypatch.setattr(module, "run", lambda words: seen.append(words) or 3)
    assert test.test([word, "a", "-b"]) == 3
    assert seen == [["a", "-b"]]


@pytest.mark.parametrize("words", [["--count", "2", "-x"], ["--count=2", "-x"]])
def test_the_number_of_rounds_may_be_joined(monkeypatch, words):
    monkeypatch.setattr(rounds, "run", lambda words: words)
    assert test.test(words) == ["2", "-x"]


def test_an_option_of_ours_is_not_hidden_behind_others():
    with pytest.raises(SetupError, match="comes first"):
        test.test(["-x", "--mutants"])


def test_help_tells_every_option(capsys):
    assert test.test(["--help"]) == 0
    told = capsys.readouterr().out
    for word in ("--laws", "--mutants", "--peers", peers.ONLY_WITH, "--count"):
        assert word in told


def test_words_of_pytest_run_some_tests_only(monkeypatch):
    monkeypatch.setattr(test, "_gate", lambda: 7)
    monkeypatch.setattr(test, "_some", lambda words: words)
    assert test.test(["-k", "rounding"]) == ["-k", "rounding"]
    assert test.test([]) == 7


def test_every_step_of_the_gate_is_taken_and_timed():
    steps = [("one", lambda: 1), ("two", lambda: 0)]
    statuses, seconds = test._timed(steps)
    assert statuses == {"one": 1, "two": 0}
    assert set(seconds) == {"one", "two"}
    assert test._summary(statuses, seconds) == 1


@pytest.mark.parametrize("words", [[], ["0"], ["-1"], ["many"]])
def test_rounds_are_a_number(words):
    with pytest.raises(SetupError, match="--count takes"):
        rounds.number(words)


# Laws


@pytest.mark.parametrize(
    ("reason", "exhausted"),
    [("settings.max_examples=500", False), ("nothing left to do", True)],
)
def test_the_examples_of_a_law_are_those_that_really_ran(
    tmp_path, monkeypatch, reason, exhausted
):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "LOGS", tmp_path)
    text = STATISTICS.format(reason=reason).replace("<", "&lt;").replace("\n", "&#10;")
    phase = phases.Phase("engine", tmp_path / "tests" / "engine", ())
    phase.report.write_text(
        '<testsuite><testcase classname="test_x" name="test_law"><properties>'
        f'<property name="hypothesis" value="{text}"/></properties></testcase>'
        '<testcase classname="test_x" name="test_plain"/></testsuite>'
    )
    assert laws.read(phase) == [law(exhausted=exhausted)]


def test_a_law_that_had_too_few_examples_is_not_proven():
    assert law().problem(500) == ""
    assert law(499).problem(500) == "only 499 of 500 examples"
    assert law(499, exhausted=True).problem(500) == ""
    assert law(900, outcomes.FAILED).problem(500) == "failed"
    assert laws.problems([law(), law(4)], 500) == [
        "test_x.test_law: only 4 of 500 examples"
    ]


def test_every_law_is_told_with_its_examples():
    told = laws.report([law(7, exhausted=True), law(500)], 500)
    assert "       7  all there are" in told
    assert "2 laws, 500 examples each, 507 in all; 1 have fewer" in told


def test_the_profiles_have_as_many_examples_as_are_asked_for():
    text = (paths.ROOT / "tests" / "engine" / "conftest.py").read_text()
    for name, asked in laws.EXAMPLES.items():
        digits = f"{asked:_}" if asked >= 10_000 else str(asked)
        assert f'"{name}", max_examples={digits},' in text


# Mutants


@pytest.fixture
def copied(tmp_path):
    """A copy of a tree of one module, in a repository that has it as well."""
    folder = tmp_path / "copy"
    (folder / "engine").mkdir(parents=True)
    (folder / "engine" / "a.py").write_text("x = 1\ny = 2\nz = 3\n")
    return folder


def patch(folder, old, new):
    file = folder.parent / "r01_a.patch"
    file.write_text(
        "It breaks.\n\n--- a/engine/a.py\n+++ b/engine/a.py\n"
        f"@@ -1,3 +1,3 @@\n x = 1\n-{old}\n+{new}\n z = 3\n"
    )
    return file


def test_a_mutant_changes_the_copy(copied):
    assert mutants.apply(patch(copied, "y = 2", "y = 0"), copied) == ""
    assert (copied / "engine" / "a.py").read_text() == "x = 1\ny = 0\nz = 3\n"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("y = 4", "y = 0", "does not apply any more"),
        ("y = 2", "y = (", "is no Python"),
    ],
)
def test_a_patch_that_is_no_mutant_is_found(copied, old, new, problem):
    assert mutants.apply(patch(copied, old, new), copied).startswith(problem)


def test_a_patch_of_a_file_that_is_gone_is_found(copied):
    file = patch(copied, "y = 2", "y = 0")
    (copied / "engine" / "a.py").unlink()
    assert mutants.apply(file, copied) == "changes no file that is there"


@pytest.mark.parametrize(
    ("status", "killer", "problem"),
    [
        (1, "test_a", ""),
        (0, "", "its tests stay green"),
        (2, "", "pytest ended with 2"),
        (4, "", "pytest ended with 4"),
        (1, "", "pytest ended with 1"),
    ],
)
def test_a_mutant_is_dead_only_when_a_test_failed(
    monkeypatch, copied, status, killer, problem
):
    monkeypatch.setattr(paths, "ROOT", copied)
    monkeypatch.setattr(paths, "LOCAL", copied.parent / ".local")
    file = patch(copied, "y = 2", "y = 0")
    mutant = mutants.Mutant("R1", "It breaks.", file, ("tests/engine/t.py::t",), True)
    verdict = mutants._try(mutant, ["engine"], lambda *_: (status, killer))
    assert (verdict.killer, verdict.problem) == (killer, problem)
    assert (copied / "engine" / "a.py").read_text() == "x = 1\ny = 2\nz = 3\n"


def test_each_mutant_has_the_tests_of_its_own_side():
    rule = rules.read()[0]
    for mutant in mutants.read():
        engine = {name.startswith("tests/engine/") for name in mutant.tests}
        assert engine == {mutant.in_engine}
    assert rule.says


def test_a_rule_that_is_none_is_refused():
    with pytest.raises(SetupError, match="R99"):
        mutants.run(["R99"])


# Peers

WHEN = "2026-11-23 23:58:08,678 1"
MODULE = "d odoo.addons.contract.tests.test_a:"
LOG = f"""\
{WHEN} INFO {MODULE} Starting TestA.test_x ...
{WHEN} INFO {MODULE} Starting TestA.test_y ...
{WHEN} ERROR {MODULE} FAIL: Subtest TestA.test_y (<subtest>)
{WHEN} INFO {MODULE} Starting TestA.test_z ...
{WHEN} INFO {MODULE} skipped TestA.test_z : no
{WHEN} ERROR {MODULE} ERROR: setUpClass (odoo.addons.contract.tests.test_a.TestB)
"""


def result(*failed, ran=("A.x", "A.y"), status=0):
    return peers.Result(frozenset(ran), frozenset(failed), status, 1.0)


def test_a_log_of_odoo_tells_what_ran_and_what_failed(tmp_path):
    (tmp_path / "log").write_text(LOG)
    found = peers.read(tmp_path / "log", 1, 2.0)
    assert found.ran == {"TestA.test_x", "TestA.test_y"}
    assert found.failed == {"TestA.test_y", "setUpClass"}


@pytest.mark.parametrize(
    ("theirs", "ours", "wanted"),
    [
        (result(), result(), []),
        (result("A.x"), result("A.x", status=1), []),
        (result("A.x"), result("A.y", status=1), ["A.y fails"]),
        (None, result("A.y", status=1), ["A.y fails"]),
        (result(), result(ran=("A.x",)), ["A.y is not run"]),
        (None, result(ran=()), ["no test was run"]),
        (None, result(status=1), ["Odoo ended with 1"]),
    ],
)
def test_a_suite_is_worse_when_what_passed_does_not_any_more(theirs, ours, wanted):
    assert peers.problems(theirs, ours) == wanted


def test_the_table_of_peers_names_what_is_worse():
    told = peers.report(["contract"], {}, {"contract": result("A.y", status=1)})
    assert "contract: A.y fails" in told


def test_a_suite_that_is_none_is_refused():
    with pytest.raises(SetupError, match="nothing"):
        peers.run(["nothing"])


# Rounds


def outcome(result):
    return outcomes.Outcome("t.A.test_x", "t.A.test_x", result)


def test_a_round_without_tests_or_with_skipped_ones_is_not_good():
    assert rounds.is_good([outcome(outcomes.PASSED)])
    assert not rounds.is_good([])
    assert not rounds.is_good([outcome(outcomes.PASSED), outcome(outcomes.SKIPPED)])
    row = rounds.row(3, [outcome(outcomes.PASSED), outcome(outcomes.FAILED)])
    assert row == ("3", "1", "1", "0", "test_x")


def test_a_table_is_as_wide_as_what_is_in_it():
    rows = [("rule", "n"), ("x" * 200, "10"), ("y", "2")]
    first, line, second, third = tables.table(rows, {"n"}).splitlines()
    assert first == "rule" + " " * 196 + "   n"
    assert line == "-" * 200 + "  --"
    assert second == "x" * 200 + "  10"
    assert third == "y" + " " * 199 + "   2"
