"""setup/screens: docs/screens/*.png, photographed in the demo billed to its own date.

It works on a copy of the demo, so that the demo itself stays as it is; what to look at
is decided here, how to get there in a browser in screens.js.
"""

import argparse
import json
import os
import shutil
import subprocess
from pathlib import Path

from . import bill, console, databases, debian, fetch, paths, postgres, run
from .console import SetupError

_FOLDER = paths.ROOT / "docs" / "screens"
_LANGUAGES = {"en": "en_US", "zh": "zh_CN"}
# What is opened for each picture: an action, and the demo's record shown by it.
_PAGES = {
    "plan": ("erp_aftersales.aftersales_plan_action", "aftersales_plan_hybrid_demo"),
    "contract": (
        "erp_aftersales.contract_contract_action",
        "contract_contract_hybrid_demo",
    ),
    "prices": (
        "erp_aftersales.contract_contract_action",
        "contract_contract_electronics_demo",
    ),
    "preview": (
        "erp_aftersales.contract_contract_action",
        "contract_contract_education_demo",
    ),
    "ticket": (
        "helpdesk_mgmt.helpdesk_ticket_action",
        "helpdesk_ticket_retail_promotion_demo",
    ),
}
# Lists of the demo, by what is opened for each picture.
_LISTS = {
    "charges": "erp_aftersales.aftersales_charge_action",
    "unbilled": "erp_aftersales.contract_contract_action_unbilled",
}
_INVOICES = "account.action_move_out_invoice"
_INVOICED = "contract_contract_retail_demo"
# The work whose price is asked for: three layers of prices stand behind it.
_ASKED = "account_analytic_line_electronics_scanners_1_demo"
# The report of an invoice, and the contract whose invoice shows most of it.
_STATEMENT = "erp_aftersales.report_invoice_statement"
_STATED = "contract_contract_hybrid_demo"
# Every picture that a run without arguments takes.
NAMES = {*_PAGES, *_LISTS, "invoice", "invoice-charges", "why", "statement"}


def screens(arguments: list[str]) -> int:
    """Bill a copy of the demo, serve it, photograph it."""
    options = _options(arguments)
    browser = _browser()
    port = run.free_port()
    debian.install_missing(paths.SETUP / "system-run.txt")
    fetch.everything()
    library = _library()
    with postgres.server() as server:
        databases.ensure_demo(server)
        with databases.copy(server, paths.DEMO_DATABASE, paths.SCREENS_DATABASE):
            _bill(server)
            _speak(server, _LANGUAGES[options.language])
            url = f"http://127.0.0.1:{port}"
            plan = {
                "url": url,
                "browser": browser,
                "folder": str(options.folder.resolve()),
                "only": options.only,
                "pages": _pages(server),
            }
            with run.serving(server, paths.SCREENS_DATABASE, port, "screens"):
                return _photograph(plan, library)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="setup/screens",
        description="Photographs the billed demo; HTTP_PORT names another port.",
    )
    parser.add_argument("only", nargs="*", help="pictures to take (default: all)")
    parser.add_argument("--folder", type=Path, default=_FOLDER, help="where to")
    parser.add_argument("--language", choices=_LANGUAGES, default="en")
    return parser.parse_args(arguments)


def _browser() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise SetupError("Chromium is needed; on Debian: apt-get install chromium")


def _library() -> Path:
    """The folder that node finds playwright-core in."""
    (package,) = paths.pins(paths.SETUP / "npm-screens.txt")
    folder = paths.LOCAL / "npm-screens"
    name, _, version = package.rpartition("@")
    installed = folder / "node_modules" / name / "package.json"
    if (
        not installed.exists()
        or json.loads(installed.read_text())["version"] != version
    ):
        if not shutil.which("npm"):
            raise SetupError("npm is needed; on Debian: apt-get install nodejs npm")
        words = ["npm", "install", "--ignore-scripts", "--no-save", "--prefix", folder]
        console.run_logged("Fetching from npm", [*words, package], "npm", timeout=120)
    return folder / "node_modules"


def _bill(server: postgres.Server) -> None:
    status = run.bill_database(
        server, paths.SCREENS_DATABASE, bill.DEMO_DATE, output=subprocess.DEVNULL
    )
    if status:
        raise SetupError("Billing the copy of the demo failed; see above.")


def _speak(server: postgres.Server, language: str) -> None:
    """The demo's people use Odoo in the language of the pictures."""
    with server.cursor(paths.SCREENS_DATABASE) as cursor:
        cursor.execute(
            "UPDATE res_partner SET lang = %s WHERE id IN"
            " (SELECT partner_id FROM res_users)",
            [language],
        )


def _pages(server: postgres.Server) -> list[dict]:
    """Addresses of what is photographed, in the order of the work."""
    with server.cursor(paths.SCREENS_DATABASE) as cursor:
        pages = [
            {"name": name, "path": f"/odoo/action-{action}/{_id(cursor, record)}"}
            for name, (action, record) in _PAGES.items()
        ]
        pages += [
            {"name": name, "path": f"/odoo/action-{action}"}
            for name, action in _LISTS.items()
        ]
        charge = _charge(cursor, _id(cursor, _ASKED))
        pages.append(
            {"name": "why", "path": f"/odoo/action-{_LISTS['charges']}/{charge}"}
        )
        stated = _largest_invoice(cursor, _id(cursor, _STATED))
        pages.append({"name": "statement", "pdf": f"/report/pdf/{_STATEMENT}/{stated}"})
        # The last one: "invoice-charges" is taken from there.
        invoice = _largest_invoice(cursor, _id(cursor, _INVOICED))
        pages.append({"name": "invoice", "path": f"/odoo/action-{_INVOICES}/{invoice}"})
    return pages


def _id(cursor, name: str) -> int:
    cursor.execute(
        "SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s",
        ["erp_aftersales", name],
    )
    return cursor.fetchone()[0]


def _charge(cursor, timesheet: int) -> int:
    cursor.execute(
        "SELECT id FROM aftersales_charge WHERE timesheet_id = %s LIMIT 1", [timesheet]
    )
    return cursor.fetchone()[0]


def _largest_invoice(cursor, contract: int) -> int:
    cursor.execute(
        "SELECT line.move_id FROM account_move_line line"
        " JOIN aftersales_charge charge ON charge.invoice_line_id = line.id"
        " WHERE charge.contract_id = %s"
        " GROUP BY line.move_id ORDER BY sum(charge.amount) DESC LIMIT 1",
        [contract],
    )
    return cursor.fetchone()[0]


def _photograph(plan: dict, library: Path) -> int:
    console.say("Taking the pictures ...")
    Path(plan["folder"]).mkdir(parents=True, exist_ok=True)
    return subprocess.run(
        ["node", Path(__file__).with_name("screens.js")],
        input=json.dumps(plan),
        text=True,
        env={**os.environ, "NODE_PATH": str(library)},
        preexec_fn=console.die_with_parent,
        check=False,
    ).returncode


if __name__ == "__main__":
    console.main(screens)
