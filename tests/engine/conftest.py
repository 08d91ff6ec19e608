"""Hypothesis profiles of the engine's tests; HYPOTHESIS_PROFILE picks one.

``default`` and ``ci`` try the same examples on every run, so that a red test is a
change of ours; ``laws`` looks for new ones and is for long runs by hand.
"""

import os

from hypothesis import settings

settings.register_profile("default", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("ci", max_examples=500, deadline=None, derandomize=True)
settings.register_profile("laws", max_examples=10_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
