"""What stands behind setup/run, setup/test, setup/lint and setup/shell.

``bootstrap`` runs in the machine's Python, has only the standard library and makes the
virtual environment; everything after it runs in there.
"""
