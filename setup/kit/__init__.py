"""What stands behind setup/run, test, lint, shell, readme, screens and i18n.

``bootstrap`` runs in the machine's Python, has only the standard library and makes the
virtual environment; everything after it runs in there.
"""
