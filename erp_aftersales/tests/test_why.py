# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .why_common import WhyCommon

LANG = "zh_CN"


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
        self.assertIn(
            f"60.00 {self.charge.currency_id.name}/小时",
            " ".join(x["row"] for x in chinese),
        )

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
