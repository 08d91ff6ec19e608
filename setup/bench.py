"""Fed to `odoo shell` by `setup/bench`; all it does is in kit/bench_odoo.py."""

from kit import bench_odoo

bench_odoo.main(env)  # noqa: F821 -- the shell's environment
