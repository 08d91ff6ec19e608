# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from ast import literal_eval

from lxml import etree

from odoo.tests import HttpCase, new_test_user, tagged

from .billing_common import BillingCommon

WORK = [
    "Contracts",
    "Tickets",
    "Problems",
    "Timesheets",
    "Charges",
    "Grants",
    "Upgrades",
]
UNCONTRACTED = ["Not under contract"]
BILLING = ["Preview", "What could not be billed"]
RENEWALS = ["Renewals", "Timeline"]
CATALOGUE = ["Plans", "Knowledge", "Customers' installations"]
REPORTING = ["Market prices"]
CONFIGURATION = [
    "Services",
    "Grades",
    "Standard rate card",
    "Releases",
    "Competitors' prices",
    "Training prices",
]


@tagged("post_install", "-at_install")
class TestMenus(BillingCommon, HttpCase):
    """What a role sees in the menus it can open, with the fields of its views."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls._hourly_plan(
            "Menus",
            coverage=[{"policy": "allowance"}],
            allowances=[{"name": "Hours", "quantity": 1}],
            fees=[{"name": "Base", "price": 100}],
        )
        installation = cls._installation(
            cls.customer,
            metrics=[("users", "2026-09-01", 5)],
            release_id=cls.env["aftersales.release"].create({"name": "1.0"}).id,
        )
        cls._card(price=80)
        cls.env["aftersales.benchmark"].create(
            {"name": "Rival", "service_level": "8x5", "price": 90}
        )
        contract = cls._contract(
            cls.customer, plan, "2026-09-01", installation_ids=installation.ids
        )
        cls.env["aftersales.upgrade"].create(
            {
                "contract_id": contract.id,
                "release_id": cls.env["aftersales.release"].create({"name": "2.0"}).id,
            }
        )
        # Nobody's own: what colleagues did is what a menu may stumble on.
        cls.ticket = cls._ticket(cls.customer, contract)
        cls.work = cls._work(cls.ticket, cls.senior, "2026-09-15", 90)
        lonely = cls._ticket(cls._customer("Without contract"))
        cls._work(lonely, cls.senior, "2026-09-15", 60)

    def test_support_opens_every_menu(self):
        self._open_menus("group_user", WORK + RENEWALS + CATALOGUE)

    def test_billing_opens_every_menu(self):
        self._open_menus(
            "group_billing", WORK + UNCONTRACTED + RENEWALS + BILLING + CATALOGUE
        )

    def test_manager_opens_every_menu(self):
        self._open_menus(
            "group_manager",
            WORK
            + UNCONTRACTED
            + RENEWALS
            + BILLING
            + CATALOGUE
            + REPORTING
            + CONFIGURATION,
        )

    def test_e4_billing_reads_the_work_of_others(self):
        user = new_test_user(self.env, "menus_reader", "erp_aftersales.group_billing")
        self.assertTrue(self.work.with_user(user).has_access("read"))
        self.assertTrue(self.ticket.with_user(user).has_access("read"))

    def _open_menus(self, group, expected):
        """Open as the browser does what stands under the app's menu."""
        login = f"menus_{group}"
        user = new_test_user(self.env, login, f"erp_aftersales.{group}")
        self.authenticate(login, login)
        menus = self._leaves()
        self.assertEqual(list(menus), expected)
        for name, action_id in menus.items():
            with self.subTest(role=group, menu=name):
                self._open(action_id, user)

    def _leaves(self):
        """The action of each menu that can be clicked, in the order of the screen."""
        menus = self.url_open("/web/webclient/load_menus").json()
        root = self.env.ref("erp_aftersales.aftersales_menu_root")
        leaves = {}
        waiting = [str(root.id)]
        while waiting:
            menu = menus[waiting.pop(0)]
            waiting = [str(child) for child in menu["children"]] + waiting
            if not menu["children"]:
                leaves[menu["name"]] = menu["actionID"]
        return leaves

    def _open(self, action_id, user):
        """Load the action's views, then three records of each with all it shows."""
        action = self.make_jsonrpc_request("/web/action/load", {"action_id": action_id})
        model, context = action["res_model"], action["context"] or {}
        if isinstance(context, str):
            context = literal_eval(context.strip())
        domain = literal_eval((action["domain"] or "[]").strip())
        search = [action["search_view_id"] and action["search_view_id"][0], "search"]
        views = self._call(
            model, "get_views", [[*action["views"], search]], context=context
        )
        fields = views["models"][model]["fields"]
        found = 0
        for kind, view in views["views"].items():
            if kind in ("list", "kanban", "form"):
                found = len(
                    self._call(
                        model,
                        "web_search_read",
                        [domain, self._specification(view["arch"], fields)],
                        limit=3,
                        context=context,
                    )["records"]
                )
        visible = self.env[model].with_user(user).search_count(domain, limit=3)
        self.assertEqual(found, visible)

    def _call(self, model, method, args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _specification(self, arch, fields):
        """What to ask of each record to fill a view; of inner lists only the names."""
        return self._read(etree.fromstring(arch), fields)

    def _read(self, node, fields):
        result = {}
        for child in node.iterchildren(tag=etree.Element):
            if child.tag != "field":
                result |= self._read(child, fields)
            elif child.get("name") in fields:
                field = fields[child.get("name")]
                result[child.get("name")] = (
                    {"fields": {"display_name": {}}} if field.get("relation") else {}
                )
        return result
