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
        found = self._aftersales_pay_contracts(tickets)
        contracts = self.browse()
        for (customer, company), group in tickets.grouped(
            lambda ticket: (ticket.commercial_partner_id, ticket.company_id)
        ).items():
            first = min(days[ticket.id][0] for ticket in group)
            last = max(days[ticket.id][1] for ticket in group)
            sold = plan or company._aftersales_pay_plan()
            theirs = found.filtered(
                lambda c, who=customer, by=company, what=sold: (
                    c.commercial_partner_id == who
                    and c.company_id == by
                    and self._aftersales_first_revision(c.aftersales_plan_id)
                    == self._aftersales_first_revision(what)
                )
            )
            contract = theirs._aftersales_covering(first, last)
            if not contract:
                contract = self._aftersales_make(group, sold, first, last, theirs)
            unrated = group.with_context(aftersales_no_rating=True)
            unrated.write({"contract_id": contract.id})
            contracts |= contract
        since = min(first for first, _last in days.values())
        self.env["aftersales.rating"]._rate(contracts, since=since)
        return contracts

    @api.model
    def _aftersales_first_revision(self, plan):
        """The first revision of a plan stands for all of them."""
        return plan.origin_id or plan

    @api.model
    def _aftersales_pay_contracts(self, tickets):
        """Contracts of the tickets' customers that may take more work."""
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

    def _aftersales_covering(self, first, last):
        """One of these contracts for work of these days; it may begin earlier."""
        open_ = self.filtered(lambda c: not c.date_end or c.date_end >= last)
        for contract in open_:
            if contract.date_start <= first:
                return contract
        for contract in open_:
            invoiced = contract.contract_line_ids.filtered("last_date_invoiced")
            frozen = contract.charge_ids.filtered("invoice_line_id")
            if not invoiced and not frozen:
                contract.date_start = first
                return contract
        return self.browse()

    @api.model
    def _aftersales_make(self, tickets, plan, first, last, others):
        """Make a customer's contract from the day of the first work on.

        Where a later contract of the same plan stands, invoiced, it ends before that:
        two at once would leave new tickets between them.
        """
        customer, company = tickets.commercial_partner_id, tickets.company_id
        later = min((c.date_start for c in others if c.date_start > last), default=None)
        contract = self.with_company(company).create(
            {
                "name": f"{customer.display_name}: {plan.name}",
                "partner_id": customer.id,
                "company_id": company.id,
                "user_id": (customer.user_id or self.env.user).id,
                "aftersales_plan_id": plan.id,
                "date_start": first,
                "date_end": later and later - DAY,
            }
        )
        contract._message_log(
            body=self.env._(
                "Made for work that stood under no contract, on tickets: %s",
                ", ".join(tickets.mapped("number")),
            )
        )
        return contract

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
