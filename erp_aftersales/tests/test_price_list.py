# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from datetime import date
from html import unescape

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools.pdf import PdfFileReader

from .charging_common import ChargingCommon

REPORT = "erp_aftersales.report_price_list"


class AgreementCommon(ChargingCommon):
    """Three hours a month of which one is used, 60 beyond; own prices and fees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What is offered is this vendor's, whatever the database has beside it.
        cls.env["aftersales.service"].search([]).active = False
        cls.env["aftersales.grade"].search([]).active = False
        (cls.service_support | cls.service_dev).active = True
        (cls.grade_junior | cls.grade_senior | cls.grade_architect).active = True
        cls.env["aftersales.plan.rate"].search([("plan_id", "=", False)]).unlink()
        cls._card(price=100)
        cls.contract = cls._agreed(cls.customer)

    @classmethod
    def _agreed(cls, customer):
        installation = cls._installation(
            customer,
            metrics=[("users", "2026-09-01", 35), ("users", "2026-12-01", 99)],
        )
        plan = cls._plan(
            "Silver",
            coverage=[
                {"policy": "allowance"},
                {"policy": "excluded", "service_id": cls.service_dev.id},
            ],
            rates=[
                {"price": 60, "increment": 15, "minimum": 30},
                {"price": 90, "grade_id": cls.grade_architect.id, "unit": "day"},
            ],
            allowances=[{"name": "Monthly hours", "quantity": 3, "period": "month"}],
            fees=[
                {"name": "Base", "basis": "fixed", "price": 100},
                {"name": "Seats", "basis": "users", "price": 10},
            ],
            sla=[
                {"priority": "1", "response_hours": 8, "credit_percent": 5},
                {"priority": "3", "response_hours": 2, "resolution_hours": 8},
            ],
            default_service_id=cls.service_support.id,
        )
        return cls._contract(
            customer,
            plan,
            "2026-09-01",
            "2027-08-31",
            installation_ids=installation.ids,
            aftersales_coverage_ids=[
                Command.create(
                    {
                        "policy": "billable",
                        "mode": "onsite",
                        "service_id": cls.service_support.id,
                        "discount": 50,
                    }
                )
            ],
            aftersales_rate_ids=[
                Command.create({"percent": 80, "grade_id": cls.grade_senior.id}),
                Command.create({"price": 1, "date_end": "2026-10-09"}),
            ],
        )

    def _agreement(self, contract=None, **context):
        contract = contract or self.contract
        loader = self.env["aftersales.agreement"].with_context(**context)
        return loader._agreements(contract)[contract.id]

    def _html(self, report, contracts, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.support)
        html, _kind = reports._render_qweb_html(report, contracts.ids)
        return unescape(html.decode())

    def _print(self, report, contracts):
        """The file that wkhtmltopdf really makes; its text."""
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        content, kind = reports._render_qweb_pdf(report, contracts.ids)
        self.assertEqual(kind, "pdf")
        pages = PdfFileReader(io.BytesIO(content), strict=False).pages
        return [" ".join(page.extract_text().split()) for page in pages]

    def _in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["erp_aftersales"], ["zh_CN"])
        self.customer.lang = "zh_CN"


@tagged("post_install", "-at_install")
class TestPriceList(AgreementCommon):
    """What is included, what is left, what costs how much (E2)."""

    def _services(self, **context):
        return [
            (
                label,
                row["services"],
                row["mode"],
                [(price["for"], price["text"]) for price in row["prices"]],
            )
            for label, rows in self._agreement(**context)["services"]
            for row in rows
        ]

    def test_e02_each_service_says_what_applies_to_it_today(self):
        currency = self.contract.currency_id.name
        measured = ", rounded up to 15 min, at least 30 min"
        self.assertEqual(
            self._services(),
            [
                (
                    "From allowances",
                    "Support",
                    "Remote",
                    [
                        ("Junior", f"60.00 {currency} an hour{measured}"),
                        # 80 % of the plan's 60; the own price of 1 has ended
                        ("Senior", f"48.00 {currency} an hour{measured}"),
                        ("Architect", f"90.00 {currency} a day"),
                    ],
                ),
                (
                    "Charged",
                    "Support",
                    "On-site",
                    [
                        # the own row's half price
                        ("Junior", f"30.00 {currency} an hour{measured}"),
                        ("Senior", f"24.00 {currency} an hour{measured}"),
                        ("Architect", f"45.00 {currency} a day"),
                    ],
                ),
                (
                    "Not covered",
                    "Development",
                    "",
                    [("", f"100.00 {currency} an hour")],
                ),
            ],
        )

    def test_e02_its_prices_are_those_of_the_bill(self):
        """Senior on site: an hour at 48 less 50 %."""
        ticket = self._ticket_of(self.contract, service_mode="onsite")
        self._work(ticket, self.senior, "2026-10-10", 60)
        charge = ticket.charge_ids.filtered("timesheet_id")
        self.assertEqual(charge.amount, 24)

    def test_e02_what_is_left(self):
        ticket = self._ticket_of(self.contract)
        self._work(ticket, self.senior, "2026-10-02", 60)
        (grant,) = self._agreement()["grants"]
        self.assertEqual(
            (grant["name"], grant["quantity"], grant["left"]),
            ("Monthly hours", "3 h", "2 h"),
        )
        self.assertEqual(grant["date_end"], date(2026, 10, 31))

    def test_e02_fees_with_their_calculation_by_todays_values(self):
        base, seats = self._agreement()["fees"]
        self.assertEqual((base["amount"], base["calculation"]), (100, ""))
        self.assertEqual(seats["amount"], 350)
        self.assertIn("35 Users x", seats["calculation"])
        self.assertEqual(seats["period"], "a month")

    def test_e02_a_fee_without_a_value_says_so(self):
        self.contract.installation_ids.metric_ids.unlink()
        _base, seats = self._agreement()["fees"]
        self.assertIsNone(seats["amount"])
        self.assertIn("no installation", seats["calculation"])

    def test_e02_before_it_begins_a_contract_says_what_will_apply(self):
        self.contract.write({"date_start": "2026-11-01"})
        agreed = self._agreement()
        self.assertEqual(agreed["day"], date(2026, 11, 1))
        self.assertIn("From allowances", dict(agreed["services"]))

    def test_e02_the_button_opens_the_screen_with_work_up_to_date(self):
        contract = self.contract.with_user(self.support)
        action = contract.action_aftersales_price_sheet()
        sheet = self.env[action["res_model"]].browse(action["res_id"])
        for text in ("Monthly hours", "48.00", "35 Users", "What is left"):
            self.assertIn(text, sheet.with_user(self.support).body)
        printed = sheet.with_user(self.support).action_print()
        self.assertEqual(printed["report_name"], REPORT)
        rows = sheet.with_user(self.support).action_rows()
        self.assertEqual(rows["res_model"], "aftersales.plan.rate")

    def test_e02_it_is_one_page_in_the_customers_language(self):
        (page,) = self._print(REPORT, self.contract)
        for text in ("Price list", "Monthly hours", "48.00", "Seats"):
            self.assertIn(text, page)
        self._in_chinese()
        html = self._html(REPORT, self.contract)
        self.assertNotIn("From allowances", html)
        self.assertIn("2026/09/01", html)

    def test_e02_the_print_menu_has_it_for_contracts_under_a_plan(self):
        report = self.env.ref("erp_aftersales.action_report_price_list")
        other = self.env["contract.contract"].create(
            {"name": "Rent", "partner_id": self.customer.id}
        )
        for contract, expected in (self.contract, report.ids), (other, []):
            self.assertEqual(
                report.get_valid_action_reports("contract.contract", contract.ids),
                expected,
            )
        with self.assertRaisesRegex(UserError, "no after-sales plan"):
            self._html(REPORT, other)

    def test_e02_only_who_may_read_the_contract_reads_its_prices(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "as_stranger",
            "erp_aftersales.group_manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        with self.assertRaises(AccessError):
            self._html(REPORT, self.contract, user=stranger)

    def test_e02_as_many_queries_for_many_as_for_one(self):
        others = self.env["contract.contract"].union(
            *(self._agreed(self._customer(f"Customer {n}")) for n in range(5))
        )
        loader = self.env["aftersales.agreement"]
        loader._agreements(self.contract | others)
        one = self._queries(lambda: loader._agreements(self.contract))
        many = self._queries(lambda: loader._agreements(self.contract | others))
        self.assertEqual(one, many)
