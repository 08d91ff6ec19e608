"""Hypothesis profiles of the engine's tests; HYPOTHESIS_PROFILE picks one.

``default`` and ``ci`` try the same examples on every run, so that a red test is a
change of ours; ``laws`` looks for new ones and is for long runs by hand. ``mutants``
has to find a broken rule fast, and need not say it in the smallest example.
"""

import os

from hypothesis import Phase, settings

settings.register_profile("default", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("ci", max_examples=500, deadline=None, derandomize=True)
settings.register_profile("laws", max_examples=10_000, deadline=None)
settings.register_profile(
    "mutants",
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_runtest_teardown(item):
    """Let the report tell how many examples each law was tried on."""
    if statistics := getattr(item, "hypothesis_statistics", None):
        item.user_properties.append(("hypothesis", statistics))
