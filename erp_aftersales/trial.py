# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Doing something to see what it does, and taking it back."""


class _Undone(Exception):
    """Ends a trial: everything in it is taken back."""


def taken_back(env, trial):
    """What a trial tells; all that it does in the database is taken back.

    :param trial: a function that returns plain values: records it makes are gone after
    """
    told = None
    try:
        with env.cr.savepoint():
            told = trial()
            raise _Undone
    except _Undone:
        env.invalidate_all()
    return told
