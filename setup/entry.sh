# Sourced by setup/run, test, bench, lint, shell, readme, screens and i18n: finds a Python that Odoo 19 and our pins agree on, then
# hands over to setup/kit, which does all the rest. Usage: start COMMAND [ARGUMENTS]
# shellcheck shell=bash

suits() { # 3.11 or 3.12, and one whose standard library is there
    "$1" -c 'import sys, venv, ssl; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null
}

find_python() {
    local candidate
    for candidate in /usr/bin/python3 python3.11 python3.12 python3; do
        if suits "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

start() {
    local python here
    here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
    if ! python="$(find_python)"; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            echo "Installing python3 (none suitable was found) ..." >&2
            apt-get -qq update && apt-get -qq install -y --no-install-recommends python3 python3-venv >&2
        fi
        if ! python="$(find_python)"; then
            echo "setup: Python 3.11 or 3.12 is needed and none was found; on Debian 12: apt-get install python3 python3-venv" >&2
            exit 1
        fi
    fi
    PYTHONPATH="$here" PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 exec "$python" -m kit.bootstrap "$@"
}
