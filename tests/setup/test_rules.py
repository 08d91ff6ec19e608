"""The table of rules is whole: each has tests that run, and a patch that breaks it."""

import pytest
from kit import mutants, outcomes, phases, rules

TABLE = rules.read()
MUTANTS = mutants.read()


def test_the_table_names_what_is_there_and_nothing_is_left_out():
    assert rules.written_problems(TABLE) == []


def test_every_rule_says_what_it_is():
    assert all(rule.says.endswith(".") for rule in TABLE)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.patch.stem)
def test_a_mutant_applies_and_breaks_one_rule(mutant):
    files = mutants.targets(mutant.patch)
    assert mutant.patch.name.startswith(f"r{int(mutant.rule[1:]):02}_")
    assert mutant.says.endswith(".")
    assert mutant.tests, "no test of the rule is on its side"
    with mutants.copy(files) as folder:
        assert mutants.apply(mutant.patch, folder) == ""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A table of one rule with one test, and its mutant."""
    monkeypatch.setattr(rules, "MUTANTS", tmp_path)
    monkeypatch.setattr(rules.paths, "ROOT", tmp_path)
    monkeypatch.setattr(rules, "REQUIRED", ("R1",))
    (tmp_path / "r01_x.patch").touch()
    (tmp_path / "test_x.py").write_text(
        "import pytest, unittest\n"
        "def test_good(): pass\n"
        "def helper(): pass\n"
        "@pytest.mark.skip\ndef test_marked(): pass\n"
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.xfail)])\n"
        "def test_partly(x): pass\n"
        "def test_inside(): pytest.skip('no')\n"
        "class TestX:\n    def test_method(self): self.skipTest('no')\n"
        "@unittest.skipIf(True, 'no')\nclass TestY:\n    def test_good(self): pass\n"
    )
    return tmp_path


def rule(*tests, name="R1", mutants=("r01_x.patch",)):
    return rules.Rule(name, "It counts.", tests, mutants)


@pytest.mark.usefixtures("project")
def test_a_whole_table_has_no_problem():
    assert rules.written_problems([rule("test_x.py::test_good")]) == []


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("test", "problem"),
    [
        ("test_y.py::test_good", "is in no file"),
        ("test_x.py::test_bad", "is not there"),
        ("test_x.py::helper", "is no test"),
        ("test_x.py::TestX", "is no test"),
        ("test_x.py::test_marked", "may be skipped"),
        ("test_x.py::test_partly", "may be skipped"),
        ("test_x.py::test_inside", "may be skipped"),
        ("test_x.py::TestX::test_method", "may be skipped"),
        ("test_x.py::TestY::test_good", "may be skipped"),
    ],
)
def test_a_test_that_does_not_run_is_found(test, problem):
    assert rules.written_problems([rule(test)]) == [f"R1: {test} {problem}"]


def test_a_module_that_is_skipped_is_found(project):
    text = (project / "test_x.py").read_text()
    (project / "test_x.py").write_text("pytestmark = pytest.mark.skip\n" + text)
    assert rules.source_problem("test_x.py::test_good", project) == "may be skipped"


def test_what_is_left_out_of_the_table_is_found(project):
    (project / "r01_y.patch").touch()
    assert rules.written_problems([rule(name="R2", mutants=())]) == [
        "R1 is missing",
        "R2 has no test",
        "R2 has no mutant",
        "r01_x.patch is not in the table",
        "r01_y.patch is not in the table",
    ]


@pytest.mark.usefixtures("project")
def test_a_mutant_that_is_no_file_or_stands_twice_is_found():
    table = [rule("test_x.py::test_good", mutants=("r01_x.patch",) * 2 + ("r9.patch",))]
    assert rules.written_problems(table) == [
        "r01_x.patch stands twice",
        "r9.patch is no file",
    ]


REPORT = """<testsuites><testsuite>
<testcase classname="test_x" name="test_good[1]"/>
<testcase classname="test_x" name="test_good[2]"><skipped/></testcase>
<testcase classname="test_x.TestX" name="test_method"/>
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("test", "problem"),
    [
        ("tests/x/test_x.py::TestX::test_method", None),
        ("tests/x/test_x.py::test_good", "was skipped"),
        ("tests/x/test_x.py::test_gone", "was not collected"),
        ("tests/test_x.py::TestX::test_method", "was not collected"),
    ],
)
def test_the_run_has_to_have_collected_and_run_each(
    tmp_path, monkeypatch, test, problem
):
    monkeypatch.setattr(rules.paths, "ROOT", tmp_path)
    monkeypatch.setattr(rules.paths, "LOGS", tmp_path)
    phase = phases.Phase("x", tmp_path / "tests" / "x", ())
    phase.report.write_text(REPORT)
    wanted = [f"R1: {test} {problem}"] if problem else []
    assert rules.run_problems([rule(test)], [phase]) == wanted


def test_a_report_tells_failures_and_errors_from_the_rest(tmp_path):
    (tmp_path / "r.xml").write_text(
        '<testsuite><testcase classname="a" name="x"><failure/></testcase>'
        '<testcase classname="a" name="y"><error/></testcase>'
        '<testcase classname="a" name="z"><properties>'
        '<property name="n" value="v"/></properties></testcase></testsuite>'
    )
    found = outcomes.read(tmp_path / "r.xml")
    assert [outcome.result for outcome in found] == ["failed", "failed", "passed"]
    assert found[2].properties == {"n": "v"}


def test_a_test_is_told_by_its_own_name_and_parameters():
    found = outcomes.Outcome("t.A.test_x", "t.A.test_x[0.84]", outcomes.PASSED)
    assert found.short == "test_x[0.84]"
