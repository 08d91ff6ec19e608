# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the head of a ticket says: covered or charged, and why (E1)."""

from collections import Counter
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import format_date

from ..engine import reasons

HOUR = 60
YEAR = timedelta(days=365)


class Head(NamedTuple):
    """A kind for the colour, a sentence, and the rule behind it."""

    kind: str
    title: str
    detail: str = ""


class AftersalesHead(models.AbstractModel):
    """Asks what the next hour on a ticket costs, and says so in a sentence."""

    _name = "aftersales.head"
    _description = "After-sales: head of a ticket"

    @api.model
    def _heads(self, tickets):
        """The head of each ticket, in their order; also of tickets being typed."""
        candidates = self.env["aftersales.finder"]._candidates_of(tickets)
        grades = self._grades(tickets)
        return [
            self._head(ticket, grade, contracts)
            for ticket, grade, contracts in zip(
                tickets, grades, candidates, strict=True
            )
        ]

    @api.model
    def _head(self, ticket, grade, candidates):
        contract = ticket.contract_id._origin
        if ticket.closed:
            return self._closed(ticket._origin)
        if contract:
            return self._under_contract(ticket, contract, grade)
        if not ticket.commercial_partner_id:
            return self._without_customer(ticket)
        if len(candidates) > 1:
            return Head(
                "ask",
                self.env._(
                    "Choose the contract: %s of this customer run", len(candidates)
                ),
                self._names(candidates),
            )
        return self._by_card(ticket, grade)

    @api.model
    def _names(self, records):
        """Names of records in a list; nothing else of them is shown."""
        return self.env["aftersales.wording"]._quoted(
            records.sudo().mapped("display_name")
        )

    # No contract, or none that is priced

    @api.model
    def _without_customer(self, ticket):
        title = self.env._("Choose the customer")
        if not ticket.partner_email:
            return Head("ask", title)
        return Head(
            "ask",
            title,
            self.env._(
                "No customer, or several, are known by %s.", ticket.partner_email
            ),
        )

    @api.model
    def _by_card(self, ticket, grade):
        company = ticket.company_id._origin or self.env.company
        quote = self.env["aftersales.preview"]._card_quote(
            company,
            ticket.service_id._origin,
            ticket.service_mode,
            grade,
            HOUR,
            ticket.installation_id._origin.sudo().region_id,
        )
        if quote.is_unpriced:
            title = self.env._("The standard card has no price for such work")
        else:
            title = self.env._(
                "By the standard card: %(amount)s for the next hour%(least)s",
                amount=self._money(quote.amount, company.currency_id),
                least=self._least(quote.rate),
            )
        return Head("uncontracted", title)

    @api.model
    def _closed(self, ticket):
        if not ticket.charge_amount:
            return Head("covered", self.env._("Closed, without charge"))
        amount = self._money(abs(ticket.charge_amount), ticket.charge_currency_id)
        if ticket.charge_amount < 0:
            title = self.env._("Closed, %(amount)s were credited", amount=amount)
            return Head("covered", title)
        return Head("charged", self.env._("Closed, it cost %(amount)s", amount=amount))

    # Under a contract

    @api.model
    def _under_contract(self, ticket, contract, grade):
        # Whoever sees the ticket may know what its work costs.
        contract = contract.sudo()
        if not contract.aftersales_plan_id or not contract._aftersales_runs_today():
            return self._not_running(contract)
        incident = ticket._origin.charge_ids.filtered(
            lambda charge: charge.kind == "incident"
        )
        if incident:
            return self._of_incident(incident)
        quoted = self.env["aftersales.preview"]._quoted(
            contract,
            ticket.service_id._origin,
            ticket.service_mode,
            grade,
            HOUR,
            fields.Datetime.now(),
            ticket._origin,
        )
        kind, title = self._of_quoted(quoted, contract.currency_id)
        return Head(kind, title, self._why(quoted, contract.aftersales_plan_id))

    @api.model
    def _not_running(self, contract):
        today, days = contract.company_id._aftersales_today(), {}
        if contract.date_end and contract.date_end < today:
            days["day"] = format_date(self.env, contract.date_end)
            title = self.env._("The contract ended on %(day)s", **days)
        elif contract.date_start and contract.date_start > today:
            days["day"] = format_date(self.env, contract.date_start)
            title = self.env._("The contract begins on %(day)s", **days)
        else:
            title = self.env._("The contract has no after-sales plan")
        return Head("ask", title, self.env._("Work of today is not priced by it."))

    @api.model
    def _of_incident(self, charges):
        """A ticket that is charged by itself: the work on it is part of that (R11)."""
        amount = self._money(sum(charges.mapped("amount")), charges[0].currency_id)
        detail = "\n".join(charges.mapped("reason"))
        if any(charges.mapped("is_waiting")):
            return Head(
                "waits",
                self.env._("Waits for acceptance: %(amount)s", amount=amount),
                detail,
            )
        if sum(charges.mapped("amount")) > 0:
            return Head("charged", self._request_costs(amount), detail)
        return Head("covered", self._incident_left(charges[0]), detail)

    @api.model
    def _of_quoted(self, quoted, currency):
        """Kind and title of what the next hour would be charged."""
        amount = self._money(quoted.amount, currency)
        charges, kinds = quoted.charges, {charge.kind for charge in quoted.charges}
        if "unrated" in kinds:
            return "waits", self.env._("No price yet")
        if "quoted" in kinds:
            return self._of_quotation(charges)
        if any(charge.args.get("at_end") == "stop" for charge in charges):
            return "stopped", self.env._("Nothing is left: more work is refused")
        if any(charge.waiting for charge in charges):
            return "waits", self.env._(
                "Waits for acceptance: %(amount)s for the next hour", amount=amount
            )
        if quoted.amount:
            return "charged", self._charged(quoted, amount)
        return "covered", self._covered(quoted)

    @api.model
    def _why(self, quoted, plan):
        """The sentences of the parts; all is included: the plan that says so."""
        if all(charge.reason == reasons.INCLUDED for charge in quoted.charges):
            return self.env._("In the plan %s.", self._names(plan))
        return "\n".join(record.reason for record in quoted.records)

    @api.model
    def _of_quotation(self, charges):
        orders = [charge.args["order"] for charge in charges if "order" in charge.args]
        if orders:
            return "charged", self.env._("Billed by quotation %s", orders[0])
        return "waits", self.env._("Needs a quotation before work starts")

    @api.model
    def _charged(self, quoted, amount):
        charge, record = quoted.parts[-1]
        values = {"amount": amount, "least": self._least(record.rate_id)}
        if any(part.kind == "incident" for part in quoted.charges):
            return self._request_costs(amount)
        if charge.reason == reasons.NOT_COVERED:
            return self.env._(
                "Not covered: %(amount)s for the next hour%(least)s", **values
            )
        if any(part.kind == "allowance" for part in quoted.charges):
            return self.env._(
                "%(left)s left, then charged: %(amount)s of the next hour",
                left=self._duration(quoted.minutes_before),
                amount=amount,
            )
        return self.env._("Charged: %(amount)s for the next hour%(least)s", **values)

    @api.model
    def _covered(self, quoted):
        for _charge, record in quoted.parts:
            if record.kind == "incident":
                return self._incident_left(record)
            if record.kind == "allowance":
                return self.env._(
                    "Covered by the allowance: %(left)s left",
                    left=self._duration(quoted.minutes_before),
                )
        if any(c.reason == reasons.VENDOR_FAULT for c in quoted.charges):
            return self.env._("Free of charge: the fault is ours")
        return self.env._("Included")

    @api.model
    def _request_costs(self, amount):
        return self.env._("Charged: this request costs %(amount)s", amount=amount)

    @api.model
    def _incident_left(self, charge):
        left = (charge.reason_args or {}).get("left")
        if left is None:
            return self.env._("Included")
        return self.env._("Covered: a prepaid incident, %s left after it", left)

    # Words

    @api.model
    def _least(self, rate):
        """The minimum that is billed, where there is one (R5)."""
        if not rate.minimum:
            return ""
        return self.env._(" (minimum %s)", self._duration(rate.minimum))

    @api.model
    def _duration(self, minutes):
        return self.env["aftersales.wording"]._duration(minutes)

    @api.model
    def _money(self, amount, currency):
        text = self.env["aftersales.wording"]._money(float(amount), currency)
        return f"{text} {currency.name}"

    # Who would work

    @api.model
    def _grades(self, tickets):
        """The grade of whoever is likely to work on each ticket, in their order.

        It is that of the person assigned; else the one that worked most for the
        customer in a year; else the one that most engineers have.
        """
        # Grades are no secret, and employees are closed to most users.
        head = self.sudo()
        assigned = head._assigned_grades(tickets)
        usual = head._usual_grades(tickets.commercial_partner_id._origin)
        found = [
            assigned.get(ticket.user_id._origin.id)
            or usual.get(ticket.commercial_partner_id._origin.id)
            for ticket in tickets
        ]
        common = {}
        if not all(found):
            common = head._common_grades(tickets.company_id._origin)
        return [
            self.env["aftersales.grade"].browse(
                grade or common.get(ticket.company_id._origin.id) or ()
            )
            for ticket, grade in zip(tickets, found, strict=True)
        ]

    @api.model
    def _assigned_grades(self, tickets):
        """Grade of today by id of the user assigned."""
        employees = self.env["hr.employee"].search(
            [("user_id", "in", tickets.user_id._origin.ids)]
        )
        grade_of = self.env["aftersales.loader"]._grades(employees)
        today = fields.Date.context_today(self)
        return {e.user_id.id: grade_of(e.id, today) for e in employees}

    @api.model
    def _usual_grades(self, customers):
        """The grade most charged for in a year, by customer id."""
        groups = self.env["aftersales.charge"]._read_group(
            [
                ("commercial_partner_id", "in", customers.ids),
                ("grade_id", "!=", False),
                ("date", ">=", fields.Date.context_today(self) - YEAR),
            ],
            ["commercial_partner_id", "grade_id"],
            ["__count"],
            order="__count, grade_id desc",
        )
        return {customer.id: grade.id for customer, grade, _count in groups}

    @api.model
    def _common_grades(self, companies):
        """The grade that most engineers of each company have, by company id."""
        employees = self.env["hr.employee"].search(
            [("company_id", "in", companies.ids)]
        )
        grades = {}
        for company, of_company in employees.grouped("company_id").items():
            counts = Counter(e.aftersales_grade_id.id for e in of_company)
            counts.pop(False, None)
            grades[company.id] = max(sorted(counts), key=counts.get, default=None)
        return grades
