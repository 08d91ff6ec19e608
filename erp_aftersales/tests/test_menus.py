# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import new_test_user, tagged

from .billing_common import BillingCommon
from .screens_common import ScreensCommon

DESK = [
    "Tickets",
    "Phone call",
    "Dispatch board",
    "Problems",
    "Periodic services",
    "Duty plan",
    "Who can serve what",
]
WORK = [
    "Contracts",
    "Timesheets",
    "Charges",
    "Grants",
    "Upgrades",
]
UNCONTRACTED = ["Not under contract"]
BILLING = ["Preview", "What could not be billed"]
RENEWALS = ["Renewals", "Timeline"]
CATALOGUE = ["Plans", "Knowledge", "Customers' installations"]
SERVICE_LEVELS = ["Service levels"]
REPORTING = [*SERVICE_LEVELS, "Market prices"]
CONFIGURATION = [
    "Services",
    "Skills",
    "Grades",
    "Standard rate card",
    "Releases",
    "Checklists",
    "Competitors' prices",
    "Training prices",
]


@tagged("post_install", "-at_install")
class TestMenus(BillingCommon, ScreensCommon):
    """Each role opens every view, filter and group behind the menus it sees."""

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
        self._open_menus(
            "group_user", WORK + RENEWALS + DESK + CATALOGUE + SERVICE_LEVELS
        )

    def test_billing_opens_every_menu(self):
        self._open_menus(
            "group_billing",
            WORK
            + UNCONTRACTED
            + RENEWALS
            + DESK
            + BILLING
            + CATALOGUE
            + SERVICE_LEVELS,
        )

    def test_manager_opens_every_menu(self):
        self._open_menus(
            "group_manager",
            WORK
            + UNCONTRACTED
            + RENEWALS
            + DESK
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
                self._open_action(action_id, user)

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
