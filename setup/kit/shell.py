"""setup/shell: `odoo shell` on the project's database, or on that of ODOO_DB."""

import os
import signal
import subprocess

from . import console, databases, fetch, odoo, paths, postgres


def shell(arguments: list[str]) -> int:
    """Run the shell; the status is the script's own, if one comes on standard input."""
    fetch.everything()
    name = os.environ.get("ODOO_DB") or paths.DEMO_DATABASE
    with postgres.server() as server:
        if name == paths.DEMO_DATABASE:
            databases.ensure_demo(server)
        else:
            databases.ensure_named(server, name)
        config = odoo.write_config(f"shell-{name}", server, name, log_level="warn")
        words = odoo.command(config, "--no-http", *arguments, sub="shell")
        process = subprocess.Popen(
            words,
            env=odoo.environment(),
            cwd=os.getcwd(),
            preexec_fn=console.die_with_parent,
        )
        # Ctrl-C in the terminal reaches the shell itself, and ends only what is typed.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            status = process.wait()
        finally:
            process.terminate()
            process.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    console.main(shell)
