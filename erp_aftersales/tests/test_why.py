# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .charging_common import ChargingCommon

LANG = "zh_CN"


class WhyCommon(ChargingCommon):
    def _charge(self, contract, kind=None, **values):
        charges = contract.charge_ids.sorted("key")
        if kind:
            charges = charges.filtered(lambda charge: charge.kind == kind)
        return charges.filtered_domain([(k, "=", v) for k, v in values.items()])[:1]

    def _why(self, charge, step=None):
        """Verdict and text of each line, of one step or of all."""
        return [
            (line["verdict"], line["text"])
            for line in charge._aftersales_why()
            if step in (None, line["step"])
        ]

    def _verdicts(self, charge, step):
        return [verdict for verdict, _text in self._why(charge, step)]

    def _texts(self, charge, step=None):
        return [text for _verdict, text in self._why(charge, step)]


@tagged("post_install", "-at_install")
class TestWhy(WhyCommon):
    """Behind "Why?" stands something useful for every kind of charge (R24)."""

    def test_r24_billable_names_the_rows_and_why_each_did_not_apply(self):
        contract = self._contract_of(
            coverage=[
                {"policy": "billable", "discount": 10},
                {"policy": "included", "service_id": self.service_dev.id},
                {"policy": "included", "mode": "onsite"},
            ],
            rates=[
                {"price": 60},
                {"price": 90, "grade_id": self.grade_senior.id, "increment": 30},
                {"price": 70, "grade_id": self.grade_junior.id},
                {"price": 99, "unit": "incident"},
            ],
        )
        self._card(price=50)
        self._work(self._ticket_of(contract), self.senior, "2026-09-03", 20)
        charge = self._charge(contract)
        lines = charge._aftersales_why()
        self.assertEqual(
            {(line["step"], line["layer"]) for line in lines},
            {
                ("coverage", "plan"),
                ("rate", "plan"),
                ("rate", "card"),
                ("amount", None),
            },
        )
        self.assertEqual(
            self._why(charge, "coverage"),
            [
                ("applied", "Decides."),
                ("other_service", "For Development, but this is Support."),
                ("other_mode", "For On-site, but this is Remote."),
            ],
        )
        self.assertIn("Development: included.", [line["row"] for line in lines])
        found = dict(self._why(charge, "rate"))
        self.assertEqual(found["applied"], "Gives the price.")
        self.assertEqual(found["other_grade"], "For Junior, but this is Senior.")
        self.assertEqual(found["other_unit"], "For Incident, but this is Hour.")
        self.assertRegex(found["less_specific"], "^Fits, but '.*Senior.*' says more")
        self.assertRegex(found["layer_above"], "^Fits, but a layer above decides")
        self.assertEqual(
            self._texts(charge, "amount"),
            [
                "30 min x 90.00 an hour = 45.00",
                "less 10 % = 40.50",
                "Amount: 40.50",
            ],
        )

    def test_r24_own_rows_stand_above_with_their_days(self):
        contract = self._contract_of(
            coverage=[{"policy": "billable"}],
            contract_vals={
                "aftersales_rate_ids": [
                    Command.create({"percent": 50}),
                    Command.create(
                        {
                            "price": 5,
                            "grade_id": self.grade_senior.id,
                            "date_start": "2026-10-01",
                        }
                    ),
                ]
            },
        )
        self._work(self._ticket_of(contract), self.senior, "2026-09-03", 60)
        charge = self._charge(contract)
        rates = [x for x in charge._aftersales_why() if x["step"] == "rate"]
        self.assertEqual(
            [(line["layer"], line["verdict"]) for line in rates],
            [("own", "applied"), ("own", "other_days"), ("plan", "base")],
        )
        self.assertIn("from 10/01/2026", rates[1]["row"])
        self.assertEqual(rates[1]["text"], "Not in force on 09/03/2026.")

    def test_r24_included_and_the_vendors_fault(self):
        contract = self._contract_of(coverage=[{"policy": "included"}])
        defect = self._service("Defect", is_vendor_fault=True)
        for service in (self.service_support, defect):
            ticket = self._ticket_of(contract, service_id=service.id)
            self._work(ticket, self.senior, "2026-09-03", 60)
        first, second = contract.charge_ids.sorted("id")
        self.assertEqual(
            self._why(first), [("applied", "Decides."), ("amount", "Free of charge.")]
        )
        self.assertRegex(self._texts(second, "coverage")[0], "the fault was ours")

    def test_r24_allowance_and_overage_tell_of_their_grants(self):
        contract = self._allowed("overage", overage_limit=500)
        self.env["aftersales.grant"].create(
            {
                "contract_id": contract.id,
                "quantity": 2,
                "date_start": "2026-09-01",
                "service_ids": self.service_dev.ids,
                "reason": "Goodwill",
            }
        )
        self._work(self._ticket_of(contract), self.senior, "2026-09-03", 90)
        self.assertEqual(
            self._why(self._charge(contract, "allowance"), "grant"),
            [
                ("applied", "Pays; 0 h of 1 h are left after it."),
                ("other_service", "For other services."),
            ],
        )
        overage = self._charge(contract, "overage")
        self.assertEqual(
            self._why(overage, "grant"),
            [
                (
                    "nothing",
                    "No grant has anything left for this, so it has a price.",
                ),
                ("empty", "Used up."),
                ("other_service", "For other services."),
            ],
        )
        self.assertRegex(self._texts(overage, "agreed")[0], "^Within the contract's")
        (row,) = [
            x["row"] for x in overage._aftersales_why() if x["verdict"] == "empty"
        ]
        self.assertRegex(row, "^Monthly hours.*: 1 h for all services$")

    def test_r24_what_waits_says_for_what(self):
        contract = self._allowed("approval")
        self._work(self._ticket_of(contract), self.senior, "2026-09-03", 90)
        (agreed,) = self._why(self._charge(contract, "overage"), "agreed")
        self.assertEqual(agreed[0], "waits")
        self.assertRegex(agreed[1], "until he accepts it on the ticket")

    def test_r24_incident_by_price_and_by_grant(self):
        rows = {
            "coverage": [{"policy": "incident"}],
            "rates": [{"price": 60}, {"price": 500, "unit": "incident"}],
        }
        grants = [{"name": "Incidents", "quantity": 1, "unit": "incident"}]
        for allowances, steps in (
            ([], ["coverage", "grant", "rate", "rate", "amount", "amount"]),
            (grants, ["coverage", "grant", "amount"]),
        ):
            contract = self._contract_of(allowances=allowances, **rows)
            ticket = self._ticket_of(contract)
            self._work(ticket, self.senior, "2026-09-03", 60)
            charge = self._charge(contract, "incident")
            lines = charge._aftersales_why()
            self.assertEqual([line["step"] for line in lines], steps)
            part = self._charge(contract, "included")
            self.assertEqual(self._verdicts(part, "coverage"), ["applied"])
            self.assertFalse(self._verdicts(part, "rate"))

    def test_r24_quoted_names_its_order(self):
        contract = self._contract_of(coverage=[{"policy": "quote"}])
        ticket = self._ticket_of(contract)
        self._work(ticket, self.senior, "2026-09-03", 60)
        charge = self._charge(contract)
        self.assertEqual(self._verdicts(charge, "agreed"), ["waits"])
        order = self._order(ticket, 100)
        order.action_confirm()
        self.assertEqual(
            self._texts(self._charge(contract), "agreed"),
            [f"Billed by the quotation {order.name}."],
        )

    def test_r24_unrated_work_says_what_is_missing(self):
        contract = self._contract_of(
            coverage=[{"policy": "billable"}],
            rates=[{"price": 60, "grade_id": self.grade_junior.id}],
        )
        self._work(self._ticket_of(contract), self.senior, "2026-09-03", 60)
        charge = self._charge(contract, "unrated")
        missing, row = self._why(charge, "rate")
        self.assertEqual(missing[0], "nothing")
        self.assertRegex(missing[1], "Support, Remote, Senior, Working hours, Hour")
        self.assertEqual(row, ("other_grade", "For Junior, but this is Senior."))
        self.assertEqual(self._verdicts(charge, "amount"), ["missing"])

    def test_r24_not_covered_looks_at_the_card_alone(self):
        contract = self._contract_of(
            coverage=[{"policy": "billable", "service_id": self.service_dev.id}]
        )
        self._card(price=50)
        self._work(self._ticket_of(contract), self.senior, "2026-09-03", 60)
        charge = self._charge(contract)
        self.assertEqual(
            self._verdicts(charge, "coverage"), ["nothing", "other_service"]
        )
        self.assertEqual(self._verdicts(charge, "rate"), ["card_only", "applied"])


@tagged("post_install", "-at_install")
class TestWhyFees(WhyCommon):
    """Fees and credits try no rows: their calculation is shown (R20, R23, R24)."""

    def _fee_contract(self, *fees, partner=None, **vals):
        return self._contract_of(fees=fees, partner=partner, contract_vals=vals)

    def test_r24_a_fee_shows_what_was_counted_where_and_since_when(self):
        installation = self._installation(
            self.customer, "Main", metrics=[("users", "2026-08-15", 20)]
        )
        contract = self._fee_contract(
            {
                "name": "User fee",
                "basis": "users",
                "price": 10,
                "discount": 25,
                "minimum_fee": 155,
            },
            installation_ids=installation.ids,
        )
        self._bill(contract)
        charge = self._charge(contract, "fee")
        lines = charge._aftersales_why()
        self.assertEqual(
            [(line["row"], line["text"]) for line in lines],
            [
                (installation.display_name, "20 Users since 08/15/2026"),
                ("", "20 Users x 10.00 = 200.00"),
                ("", "less 25 % = 150.00"),
                ("", "at least 155.00"),
                ("", "Amount: 155.00"),
            ],
        )
        installation.metric_ids.value = 30
        self.assertEqual(
            [line["text"] for line in charge._aftersales_why()],
            [line["text"] for line in lines[1:]],
        )

    def test_r24_a_part_of_a_period_and_a_percent(self):
        installation = self._installation(
            self.customer, metrics=[("licence_value", "2026-08-15", 36500)]
        )
        contract = self._fee_contract(
            {
                "name": "Yearly",
                "basis": "licence_value",
                "percent": 20,
                "recurring_rule_type": "yearly",
            },
            installation_ids=installation.ids,
            date_end="2026-09-30",
        )
        self._bill(contract)
        self.assertEqual(
            self._texts(self._charge(contract, "fee"))[1:],
            [
                "20 % of 36,500.00 = 7,300.00",
                "for 30 of 365 days = 600.00",
                "Amount: 600.00",
            ],
        )

    def test_r24_a_fee_without_metric_says_what_to_type_where(self):
        fee = {"name": "User fee", "basis": "users", "price": 10}
        for installations, text in (
            (self.env["aftersales.installation"], "has no installation whose 'Users'"),
            (self._installation(self.customer, "Main"), "on one of: .*Main"),
        ):
            contract = self._fee_contract(fee, installation_ids=installations.ids)
            self._bill(contract)
            self.assertRegex(self._texts(self._charge(contract, "unrated"))[-1], text)

    def test_r24_a_credit_shows_the_fees_it_is_taken_of(self):
        contract = self._contract_of(
            fees=[{"name": "Base", "price": 1000, "basis": "fixed"}],
            sla=[
                {
                    "priority": "1",
                    "response_hours": 1,
                    "resolution_hours": 8,
                    "credit_percent": 5,
                }
            ],
        )
        self._bill(contract)
        ticket = self._ticket_of(contract, priority="1")
        ticket.write(
            {"response_deadline": "2026-09-02 03:00:00", "response_state": "breached"}
        )
        contract.action_aftersales_rate()
        lines = self._charge(contract, "credit")._aftersales_why()
        self.assertEqual(
            [(line["row"], line["text"]) for line in lines],
            [
                (
                    "Base",
                    "1,000.00 from 09/01/2026 on, of which 30 days of the month: "
                    "1,000.00",
                ),
                ("", "5 % of 1,000.00 = -50.00"),
                ("", "Amount: -50.00"),
            ],
        )

    def test_r24_a_true_up_says_its_numbers(self):
        contract = self._fee_contract({"name": "Base", "price": 100})
        self._bill(contract)
        fee = self._charge(contract, "fee")
        true_up = fee.copy(
            {
                "key": f"{fee.key}.2",
                "kind": "true_up",
                "invoice_line_id": False,
                "quantity": 2,
                "price_unit": 7,
                "amount": 14,
                "reason_args": {"basis": "users", "value": "2"},
            }
        )
        self.assertEqual(
            self._texts(true_up), ["2 Users x 7.00 = 14.00", "Amount: 14.00"]
        )


@tagged("post_install", "-at_install")
class TestWhyFrozen(WhyCommon):
    """What is invoiced says why it cost that then (R16, R17, R24)."""

    def setUp(self):
        super().setUp()
        self.contract = self._contract_of(coverage=[{"policy": "billable"}])
        self.ticket = self._ticket_of(self.contract)
        self.line = self._work(self.ticket, self.senior, "2026-09-03", 60)
        self.invoice = self._bill(self.contract)

    def test_r24_a_row_typed_later_did_not_decide(self):
        self.contract.aftersales_rate_ids = [Command.create({"price": 10})]
        charge = self._charge(self.contract)
        self.assertEqual(self._verdicts(charge, "rate"), ["newer", "applied"])
        self.assertIn("1 h x 60.00 an hour = 60.00", self._texts(charge))

    def test_r24_an_own_row_that_was_changed_tells_its_old_price(self):
        contract = self._contract_of(
            coverage=[{"policy": "billable"}],
            contract_vals={"aftersales_rate_ids": [Command.create({"price": 40})]},
        )
        self._work(self._ticket_of(contract), self.senior, "2026-09-03", 60)
        self._bill(contract)
        contract.aftersales_rate_ids.price = 45
        found = self._texts(self._charge(contract), "rate")
        self.assertRegex(found[0], "^Gave the price of 40.00; it was changed")

    def test_r24_an_adjustment_names_what_it_takes_back(self):
        self.line.with_user(self.manager).action_aftersales_correct(
            {"unit_amount": 1.5, "employee_id": self.junior.id}
        )
        old, back, new = (
            self._charge(self.contract, key=f"w{self.line.id}{suffix}")
            for suffix in (".1", ".1/back", "/1.1")
        )
        (taken,) = self._why(back, "before")
        self.assertEqual(
            taken, ("taken_back", f"Taken back; it is on {self.invoice.display_name}.")
        )
        self.assertEqual(back._aftersales_why()[0]["row"], old.reason)
        self.assertEqual(self._why(back)[1:], self._why(old))
        (before,) = self._why(new, "before")
        self.assertEqual(
            before, ("corrected", f"Corrected; it is on {self.invoice.display_name}.")
        )
        self.assertIn("1 h 30 min x 60.00 an hour = 90.00", self._texts(new))

    def test_r24_an_incident_taken_back_names_its_invoice(self):
        contract = self._contract_of(
            coverage=[{"policy": "incident"}],
            rates=[{"price": 500, "unit": "incident"}],
        )
        first, second = self._ticket_of(contract), self._ticket_of(contract)
        contract.action_aftersales_rate()
        invoice = self._bill(contract)
        self.env["helpdesk.ticket.merge"].with_context(active_ids=first.ids).create(
            {
                "ticket_ids": [Command.set(first.ids)],
                "dst_ticket_id": second.id,
                "create_new_ticket": False,
            }
        ).merge_tickets()
        back = self._charge(contract, "adjustment")
        self.assertEqual(back.ticket_id, first)
        self.assertEqual(
            self._texts(back, "before"),
            [f"Taken back; it is on {invoice.display_name}."],
        )
        self.assertEqual(self._verdicts(back, "rate"), ["applied"])


@tagged("post_install", "-at_install")
class TestWhyAtHand(WhyCommon):
    """Who may ask, in which language, and what it takes (R24)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract_of(
            coverage=[{"policy": "billable"}],
            rates=[
                {"price": 60},
                {"price": 70, "grade_id": cls.grade_junior.id},
            ],
        )
        cls.ticket = cls._ticket(cls.customer, cls.contract)
        cls._work(cls.ticket, cls.senior, "2026-09-03", 60)
        cls.charge = cls.contract.charge_ids

    def _dialogue(self, charges, user):
        action = charges.with_user(user).action_aftersales_why()
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"])).body

    def test_r24_the_dialogue_shows_sentence_rows_and_reasons(self):
        accountant = new_test_user(
            self.env, "why_books", "account.group_account_invoice"
        )
        for user in (self.support, self.billing, self.manager, accountant):
            body = self._dialogue(self.charge, user)
            self.assertIn(self.charge.reason, body)
            self.assertIn("For Junior, but this is Senior.", body)
            self.assertIn("At which price?", body)

    def test_r24_a_timesheet_says_why_for_all_its_charges(self):
        line = self.charge.timesheet_id.with_user(self.billing)
        action = line.action_aftersales_why()
        self.assertEqual(
            action["context"]["default_charge_ids"], [Command.set(self.charge.ids)]
        )

    def test_r24_nobody_without_the_charge_gets_anything(self):
        internal = new_test_user(self.env, "why_internal", "base.group_user")
        portal = new_test_user(self.env, "why_portal", "base.group_portal")
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "why_stranger",
            "erp_aftersales.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for user in (internal, portal, stranger):
            charge = self.charge.with_user(user)
            vals = {"charge_ids": [Command.set(self.charge.ids)]}
            for attempt in (
                charge.action_aftersales_why,
                charge._aftersales_why,
                lambda user=user: (
                    self.env["aftersales.why.loader"]
                    .with_user(user)
                    ._why(self.charge.with_user(user))
                ),
                lambda user=user, vals=vals: (
                    self.env["aftersales.why"]
                    .with_user(user)
                    .create(vals)
                    .read(["body"])
                ),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_r24_who_cannot_read_the_rows_reads_their_names(self):
        """A row that he may not read still is named in the answer."""
        self.env["ir.rule"].create(
            {
                "name": "No rows",
                "model_id": self.env["ir.model"]._get_id("aftersales.plan.rate"),
                "domain_force": "[(0, '=', 1)]",
            }
        )
        rate = self.charge.rate_id.with_user(self.support)
        self.assertFalse(rate.has_access("read"))
        found = self.charge.with_user(self.support)._aftersales_why()
        self.assertIn("applied", [line["verdict"] for line in found])

    def test_r24_words_are_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang(LANG)
        self.env["ir.module.module"]._load_module_terms(["erp_aftersales"], [LANG])
        chinese = self.charge.with_context(lang=LANG)._aftersales_why()
        english = self.charge._aftersales_why()
        self.assertIn("For Junior, but this is Senior.", [x["text"] for x in english])
        self.assertIn("适用于 Junior，而此处为 Senior。", [x["text"] for x in chinese])
        self.assertIn("60.00 CNY/小时", " ".join(x["row"] for x in chinese))

    def test_r24_as_many_queries_for_few_charges_as_for_many(self):
        self.charge._aftersales_why()  # languages and the like are cached now
        few = self._queries(self.charge._aftersales_why)
        for day in range(4, 24):
            self._work(self.ticket, self.senior, f"2026-09-{day:02d}", 45)
        self.assertEqual(self._queries(self.charge._aftersales_why), few)
        charges = self.contract.charge_ids
        self.assertEqual(len(charges), 21)
        loader = self.env["aftersales.why.loader"]
        two = self._queries(lambda: loader._why(charges[:2]))
        self.assertEqual(self._queries(lambda: loader._why(charges)), two)
