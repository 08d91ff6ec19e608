# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import Form, tagged

from .work_common import WorkCommon


@tagged("post_install", "-at_install")
class TestWorkPrice(WorkCommon):
    """What work costs is read while it is typed, and is what is charged (E1)."""

    def _typed(self, ticket, minutes, **vals):
        """The sentence in the list of the ticket; the line is saved afterwards."""
        with Form(self._mine(ticket)) as form, form.timesheet_ids.new() as line:
            line.employee_id = vals.pop("employee_id", self.me)
            line.date = vals.pop("date", "2026-10-05")
            line.unit_amount = minutes / 60
            for name, value in vals.items():
                setattr(line, name, value)
            said = line.aftersales_price_text, line.aftersales_price_level
        saved = ticket.timesheet_ids.sorted("id")[-1:]
        text = saved.with_user(self.support).aftersales_price_text
        self.assertEqual(text, said[0], "read before = charged afterwards")
        return said

    def test_e1_hours_of_an_allowance_are_free_and_say_what_is_left(self):
        ticket = self._ticket_of(self._allowed("approval", hours=10))
        text, level = self._typed(ticket, 150)
        self.assertEqual(level, "free")
        self.assertEqual(
            text,
            "Free of charge: Support, Remote: 2 h 30 min, covered by 'Monthly hours "
            "(10/01/2026 - 10/31/2026)': 7.50 of 10 h left",
        )

    def test_e1_billable_hours_say_their_price_with_the_minimum(self):
        contract = self._contract_of(
            "Pay",
            coverage=[{"policy": "billable"}],
            rates=[{"price": 800, "minimum": 60}],
        )
        text, level = self._typed(self._ticket_of(contract), 45)
        self.assertEqual(level, "billed")
        self.assertIn("800.00", text.split(":")[0])
        self.assertIn("1 h (rounded from 45 min) x 800.00 an hour", text)

    def test_e1_quoted_work_says_that_it_waits(self):
        contract = self._contract_of("Quote", coverage=[{"policy": "quote"}])
        text, level = self._typed(self._ticket_of(contract), 60)
        self.assertEqual(level, "waits")
        self.assertTrue(text.startswith("Waits for a quotation"), text)

    def test_e1_overage_says_what_is_beyond_the_amount_accepted(self):
        # One hour is included; of three more 60 is accepted.
        ticket = self._ticket_of(self._allowed("approval"))
        ticket.action_aftersales_accept(60, self.contact)
        self._typed(ticket, 120)
        text, level = self._typed(ticket, 120)
        self.assertEqual(level, "waits")
        self.assertRegex(text, r"^\W*120.00\W* waits for acceptance, beyond .*60.00")

    def test_e1_acceptance_counts_what_was_used_months_before(self):
        ticket = self._ticket_of(self._allowed("approval"), day="2026-09-02")
        ticket.action_aftersales_accept(120, self.contact)
        self._work(ticket, self.me, "2026-09-03", 180)
        self._bill(ticket.contract_id)
        text, _level = self._typed(ticket, 120)
        self.assertRegex(text, r"^\W*60.00\W* waits for acceptance")

    def test_e1_the_grade_of_who_did_it_counts_whoever_types(self):
        contract = self._contract_of(
            "Grades",
            coverage=[{"policy": "billable"}],
            rates=[
                {"price": 60, "grade_id": self.grade_senior.id},
                {"price": 30, "grade_id": self.grade_junior.id},
            ],
        )
        ticket = self._ticket_of(contract)
        line = (
            self.env["account.analytic.line"]
            .with_user(self.manager)
            .new(
                {
                    "ticket_id": ticket.id,
                    "employee_id": self.junior.id,
                    "date": "2026-10-05",
                    "unit_amount": 2,
                    "service_id": self.service_support.id,
                    "service_mode": "remote",
                }
            )
        )
        self.assertIn("60.00", line.aftersales_price_text.split(":")[0])
        line.employee_id = self.senior
        self.assertIn("120.00", line.aftersales_price_text.split(":")[0])
        nobody = self._employee("No grade")
        line.employee_id = nobody
        self.assertTrue(line.aftersales_price_text.startswith("Waits for a price"))

    def test_e1_an_open_line_that_is_edited_does_not_count_twice(self):
        ticket = self._ticket_of(self._allowed("approval", hours=2))
        line = self._work(ticket, self.me, "2026-10-05", 90)
        with Form(self._mine(ticket)) as form, form.timesheet_ids.edit(0) as typed:
            self.assertIn("0.50 of 2 h left", typed.aftersales_price_text)
            typed.unit_amount = 2
            self.assertIn("0 of 2 h left", typed.aftersales_price_text)
            self.assertEqual(typed.aftersales_price_level, "free")
        self.assertEqual(line.charge_ids.kind, "allowance")

    def test_e1_nothing_is_written_by_looking(self):
        ticket = self._ticket_of(self._allowed("approval"))
        self._work(ticket, self.me, "2026-10-05", 30)
        before = self.env["aftersales.charge"].search([]).ids
        draft = ticket.timesheet_ids.new(
            {"unit_amount": 3}, origin=ticket.timesheet_ids
        )
        self.assertIn("120.00", draft.aftersales_price_text)
        self.env.flush_all()
        self.assertEqual(self.env["aftersales.charge"].search([]).ids, before)

    def test_e1_work_without_contract_has_the_price_of_the_card(self):
        self.env["aftersales.plan.rate"].search([("plan_id", "=", False)]).unlink()
        self._card(price=90, company_id=self.company.id)
        stranger = self._customer("Stranger")
        ticket = self._ticket(stranger, contract_id=False, user_id=self.support.id)
        line = self.env["account.analytic.line"].new(
            {
                "ticket_id": ticket.id,
                "employee_id": self.me.id,
                "date": "2026-10-05",
                "unit_amount": 2,
            }
        )
        self.assertIn("180.00", line.aftersales_price_text)

    def test_e1_many_saved_lines_are_said_with_the_queries_of_few(self):
        ticket = self._ticket_of(self._allowed("approval", hours=10))
        for day in range(1, 10):
            self._work(ticket, self.me, f"2026-10-0{day}", 10)
        lines = ticket.timesheet_ids.browse(ticket.timesheet_ids.ids)
        few = self._queries(lambda: lines[:2].mapped("aftersales_price_text"))
        many = self._queries(lambda: lines.mapped("aftersales_price_text"))
        self.assertEqual(few, many)
