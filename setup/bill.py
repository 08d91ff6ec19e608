"""Fed to `odoo shell` by `setup/run --bill`; all it does is in kit/bill.py."""

from kit import bill

bill.main(env)  # noqa: F821 -- the shell's environment
