# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_price_list import AgreementCommon

REPORT = "erp_aftersales.report_contract"


@tagged("post_install", "-at_install")
class TestContractDocument(AgreementCommon):
    """The contract to sign (C6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["helpdesk.ticket.team"].create({"name": "Team North"})
        cls.contract.write(
            {
                "aftersales_increase_cap": 3.5,
                "overage_limit": 500,
                "service_manager_id": cls.manager.id,
                "team_id": cls.team.id,
                "code": "AS-7",
            }
        )

    def test_c06_it_says_all_that_is_agreed(self):
        html = " ".join(self._html(REPORT, self.contract).split())
        for text in (
            "Service contract",
            "AS-7",
            "09/01/2026",
            "08/31/2027",
            "Silver",
            self.customer.name,
            self.company.name,
            self.manager.name,
            "Team North",
            "Main system",
            "rise by at most 3.5 %",
            "500.00",
            "Base: 100.00",
            "Monthly hours: 3 h a month",
            "48.00",
            "8 h",
            "5 % of the month's fees",
            "Signature and seal",
        ):
            self.assertIn(text, html)

    def test_c06_l1_the_contracts_own_targets_stand_above_the_plans(self):
        self.contract.aftersales_sla_ids = [
            Command.create({"priority": "1", "response_hours": 4}),
            Command.create(
                {"priority": "3", "response_hours": 1, "date_end": "2026-10-09"}
            ),
        ]
        levels = self._agreement()["levels"]
        self.assertEqual(
            [(level["response"], level["resolution"]) for level in levels],
            [("2 h", "8 h"), ("4 h", "")],
        )

    def test_c06_what_was_not_agreed_is_not_in_it(self):
        self.contract.write({"aftersales_increase_cap": 0, "overage_limit": 0})
        html = self._html(REPORT, self.contract)
        self.assertNotIn("rise by at most", html)
        self.assertNotIn("needs no further consent", html)

    def test_c06_it_is_a_real_pdf_in_the_customers_language(self):
        pages = self._print(REPORT, self.contract)
        self.assertIn("Service contract", pages[0])
        self.assertIn("Signatures", pages[-1])
        self._in_chinese()
        html = self._html(REPORT, self.contract)
        self.assertIn("2026/09/01", html)
        self.assertNotIn("Monthly hours: 3 h", html)

    def test_c06_the_button_prints_it(self):
        contract = self.contract.with_user(self.support)
        action = contract.action_aftersales_contract_document()
        self.assertEqual(action["report_name"], REPORT)

    def test_c06_sending_the_contract_attaches_it(self):
        action = self.contract.action_contract_send()
        composer = Form(
            self.env["mail.compose.message"].with_context(
                **action["context"], force_report_rendering=True
            )
        ).save()
        self.assertIn("AS-7", composer.subject)
        (attachment,) = composer.attachment_ids
        self.assertEqual(attachment.name, f"Contract AS-7 {self.contract.name}.pdf")

    def test_c06_a_contract_without_a_plan_is_sent_as_before(self):
        other = self.env["contract.contract"].create(
            {"name": "Rent", "partner_id": self.customer.id}
        )
        action = other.action_contract_send()
        self.assertEqual(
            action["context"]["default_template_id"],
            self.env.ref("contract.email_contract_template").id,
        )

    def test_c06_c08_renewal_and_pauses_are_said(self):
        self.contract.write(
            {
                "aftersales_auto_renew": True,
                "aftersales_renew_interval": 6,
                "aftersales_renew_rule": "monthly",
            }
        )
        self.contract.action_aftersales_pause("2026-10-10", "2026-10-20")
        agreed = self._agreement()
        self.assertIn("each time for 6 months", agreed["further"][0])
        self.assertIn("rests from 10/10/2026 to 10/20/2026", agreed["further"][-1])
        self.assertIn("From allowances", dict(agreed["services"]))
