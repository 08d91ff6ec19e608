# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models

DAY = timedelta(days=1)


class ContractContract(models.Model):
    """A contract's timeline: what changed, from when, and what it did to money (C8)."""

    _inherit = "contract.contract"

    def _aftersales_effect(self):
        """What is open of fees, by contract: to tell what a change adds."""
        groups = self.env["aftersales.charge"]._read_group(
            [
                ("contract_id", "in", self.ids),
                ("fee_id", "!=", False),
                ("state", "!=", "invoiced"),
            ],
            ["contract_id"],
            ["amount:sum"],
        )
        return {contract.id: amount for contract, amount in groups}

    def _aftersales_log_event(self, kind, date, before, /, **args):
        """Write an event of each contract, with its effect on what is to be billed.

        :param dict before: what was open of fees, by contract id; None: no effect
        """
        self._aftersales_log_events(kind, before, dict.fromkeys(self, (date, args)))

    @api.model
    def _aftersales_log_events(self, kind, before, told):
        """The same, for contracts whose days and words differ.

        :param dict told: day and arguments by contract
        """
        contracts = self.browse(contract.id for contract in told)
        after = contracts._aftersales_effect() if before is not None else {}
        before = before or {}
        # sudo: written by code alone; everybody with the contract reads it
        self.env["aftersales.contract.event"].sudo().create(
            [
                {
                    "contract_id": contract.id,
                    "date": day,
                    "user_id": self.env.uid,
                    "kind": kind,
                    "args": args,
                    "amount": after.get(contract.id, 0) - before.get(contract.id, 0),
                }
                for contract, (day, args) in told.items()
            ]
        )

    def _aftersales_log_start(self):
        told = {
            contract: (contract.date_start, {"plan": contract.aftersales_plan_id.id})
            for contract in self
        }
        self._aftersales_log_events("start", None, told)

    def _aftersales_log_end(self, before):
        """:param dict before: what was open of fees, by contract id"""
        told = {contract: contract._aftersales_told_end() for contract in self}
        self._aftersales_log_events("end", before, told)

    def _aftersales_told_end(self):
        end = self.date_end
        day = end + DAY if end else self.company_id._aftersales_today()
        last = end and fields.Date.to_string(end)
        return day, {"last": last, "refund": not self.aftersales_keeps_paid}

    def _aftersales_log_own_fees(self, before):
        """:param dict before: what was open of fees, by contract id"""
        told = {c: (c.company_id._aftersales_today(), {}) for c in self}
        self._aftersales_log_events("fees", before, told)

    def _aftersales_metrics_changed(self, changes):
        """Charge or credit what other numbers do to paid periods, and say so (R21).

        :param list changes: installations with what is said of a metric now
        """
        if not self:
            return
        before = self._aftersales_effect()
        self.env["aftersales.rating"]._rate(self, with_fees=True)
        told = self.browse()
        for place, said in changes:
            contracts = self.filtered(
                lambda c, place=place: place in c.installation_ids
            )
            day = fields.Date.to_date(said["date"])
            # What all changes do together stands with a contract's first one.
            (contracts - told)._aftersales_log_event("metric", day, before, **said)
            (contracts & told)._aftersales_log_event("metric", day, None, **said)
            told |= contracts
