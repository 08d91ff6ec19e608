# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, models

DAY = timedelta(days=1)


class ContractContract(models.Model):
    """Pay-as-you-go contracts for work that stands under none (C2, A8)."""

    _inherit = "contract.contract"

    def _aftersales_runs_today(self):
        """Whether today in the company's zone lies in the contract's term."""
        self.ensure_one()
        today = self.company_id._aftersales_today()
        return (
            bool(self.date_start)
            and self.date_start <= today
            and (not self.date_end or today <= self.date_end)
        )

    @api.model
    def _aftersales_put_under(self, tickets, plan=None):
        """Put tickets under one contract of each customer, found or made; rate once.

        :param tickets: tickets without contract, with a customer
        :param plan: of contracts to be made; None: each company's pay-as-you-go plan
        :return: the contracts
        """
        days = tickets._aftersales_worked_days()
        since = min(first for first, _last in days.values())
        known = self._aftersales_pay_contracts(tickets)
        groups = list(tickets.grouped(self._aftersales_customer).values())
        found = [known._aftersales_found(group, plan, days) for group in groups]
        self._aftersales_hold_customers(
            group.commercial_partner_id
            for group, contract in zip(groups, found, strict=True)
            if not contract
        )
        made = iter(
            self.create(
                [
                    known._aftersales_made(group, plan, days)
                    for group, contract in zip(groups, found, strict=True)
                    if not contract
                ]
            )
        )
        contracts = self.browse()
        for group, contract in zip(groups, found, strict=True):
            contract = contract or next(made)
            group._aftersales_rated_later().write({"contract_id": contract.id})
            contract._aftersales_log_tickets(group)
            contracts |= contract
        self.env["aftersales.rating"]._rate(contracts, since=since)
        return contracts

    @api.model
    def _aftersales_hold_customers(self, customers):
        """Two that make a customer's first contract at once cannot both win.

        The second to touch the customer's row is repeated, and then finds the contract
        of the first.
        """
        ids = [customer.id for customer in customers]
        if ids:
            self.env.cr.execute(
                "UPDATE res_partner SET write_date = write_date WHERE id = ANY(%s)",
                [sorted(ids)],
            )

    @api.model
    def _aftersales_customer(self, ticket):
        return ticket.commercial_partner_id, ticket.company_id

    @api.model
    def _aftersales_pay_contracts(self, tickets):
        """Contracts of the tickets' customers that may take more work, latest first."""
        return self.search(
            [
                ("commercial_partner_id", "in", tickets.commercial_partner_id.ids),
                ("company_id", "in", tickets.company_id.ids),
                ("contract_type", "=", "sale"),
                ("aftersales_plan_id", "!=", False),
                ("date_start", "!=", False),
            ],
            order="date_start desc, id desc",
        )

    def _aftersales_same(self, tickets, plan):
        """Those of these contracts that are of the tickets' customer and the plan."""
        plan = plan or tickets.company_id._aftersales_pay_plan()
        return self.filtered(
            lambda contract: (
                contract.commercial_partner_id == tickets.commercial_partner_id
                and contract.company_id == tickets.company_id
                and self._aftersales_first_revision(contract.aftersales_plan_id)
                == self._aftersales_first_revision(plan)
            )
        )

    def _aftersales_found(self, tickets, plan, days):
        """One of these contracts for the work on a customer's tickets, if there is one.

        One that nothing was billed of may begin earlier than it did.
        """
        first, last = self._aftersales_span(tickets, days)
        lasting = self._aftersales_same(tickets, plan).filtered(
            lambda contract: not contract.date_end or contract.date_end >= last
        )
        for contract in lasting:
            if contract.date_start <= first:
                return contract
        for contract in lasting:
            if not contract._aftersales_is_billed():
                contract.date_start = first
                return contract
        return self.browse()

    @api.model
    def _aftersales_span(self, tickets, days):
        """First and last day of work on tickets."""
        return (
            min(days[ticket.id][0] for ticket in tickets),
            max(days[ticket.id][1] for ticket in tickets),
        )

    def _aftersales_is_billed(self):
        self.ensure_one()
        return any(self.contract_line_ids.mapped("last_date_invoiced")) or bool(
            self.charge_ids.invoice_line_id
        )

    def _aftersales_made(self, tickets, plan, days):
        """Values of a customer's contract, from the day of the first work on.

        Where a later contract of the same plan stands, billed, it ends before that:
        two at once would leave new tickets between them.
        """
        plan = plan or tickets.company_id._aftersales_pay_plan()
        first, last = self._aftersales_span(tickets, days)
        starts = self._aftersales_same(tickets, plan).mapped("date_start")
        later = min((start for start in starts if start > last), default=None)
        customer = tickets.commercial_partner_id
        return {
            "name": f"{customer.display_name}: {plan.name}",
            "partner_id": customer.id,
            "company_id": tickets.company_id.id,
            "user_id": (customer.user_id or self.env.user).id,
            "aftersales_plan_id": plan.id,
            "date_start": first,
            "date_end": later and later - DAY,
        }

    def _aftersales_log_tickets(self, tickets):
        """Write into the contract's history where its work comes from."""
        self._message_log(
            body=self.env._(
                "Takes work that stood under no contract, on tickets: %s",
                ", ".join(tickets.mapped("number")),
            )
        )

    @api.model
    def _aftersales_first_revision(self, plan):
        """The first revision of a plan stands for all of them."""
        return plan.origin_id or plan

    def _aftersales_open(self):
        """Open these contracts."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "erp_aftersales.contract_contract_action"
        )
        action["domain"] = [("id", "in", self.ids)]
        if len(self) == 1:
            form = self.env.ref("contract.contract_contract_customer_form_view")
            action.update(res_id=self.id, view_mode="form", views=[(form.id, "form")])
        return action
