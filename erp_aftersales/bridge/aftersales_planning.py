# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Planned services: what should stand by the contracts, less what stands (D3)."""

from dateutil.relativedelta import relativedelta

from odoo import api, models

from ..engine.periodic import Life, Periodic, due_days

# What comes within a year is planned.
HORIZON = relativedelta(years=1)


class AftersalesPlanning(models.AbstractModel):
    """Plans what is due, and writes what differs; done twice it writes nothing.

    What people decided stays: visits that are opened, done, skipped or moved. As many
    queries for many contracts as for few.
    """

    _name = "aftersales.planning"
    _description = "After-sales: planned services"

    @api.model
    def _plan(self, contracts):
        """Bring the planned visits of contracts to what is agreed now."""
        # sudo: what is due follows from the contract, whoever changes it
        contracts = contracts.sudo().with_context(
            tracking_disable=True, mail_create_nolog=True, active_test=True
        )
        visits = contracts.env["aftersales.visit"]
        if not contracts._aftersales_has_periodic():
            return
        standing = visits.search([("contract_id", "in", contracts.ids)])
        by_contract = standing.grouped("contract_id")
        new, gone = [], visits
        for contract in contracts:
            ours = by_contract.get(contract, visits)
            today = contract.company_id._aftersales_today()
            wanted = self._wanted(contract, ours, today)
            self._follow_rows(ours, wanted)
            gone |= self._settle(ours, wanted)
            new += self._new(contract, wanted, today)
        gone.unlink()
        visits.create(new)

    @api.model
    def _follow_rows(self, visits, wanted):
        """Let visits go on under the row of another plan that says the same.

        What was opened or moved before the plan changed is not planned once more.
        """
        keys = {self._key(visit) for visit in visits}
        alike = {
            (row._alike(), place, start): row
            for row, place, start in wanted
            if (row, place, start) not in keys
        }
        for visit in visits:
            row, place, start = self._key(visit)
            key = (row._alike(), place, start)
            if (row, place, start) not in wanted and key in alike:
                visit.row_id = alike.pop(key)

    @api.model
    def _key(self, visit):
        return visit.row_id, visit.installation_id, visit.period_start

    @api.model
    def _settle(self, visits, wanted):
        """Bring visits to what is wanted; return those that nobody will miss.

        What stands is taken out of ``wanted``.
        """
        gone = visits.browse()
        for visit in visits:
            day = wanted.pop(self._key(visit), None)
            if day is None and visit._is_untouched():
                gone |= visit
            elif day is None and visit.state == "planned":
                visit.state = "cancelled"
            elif day is None:
                continue
            elif visit.state == "cancelled" and not visit.ticket_id:
                visit.state = "planned"
            elif visit._is_untouched() and visit.date != day:
                visit.write({"date": day, "date_due": day})
        return gone

    @api.model
    def _new(self, contract, wanted, today):
        """The values of what is due from today on and does not stand yet."""
        return [
            {
                "contract_id": contract.id,
                "row_id": row.id,
                "installation_id": installation.id,
                "period_start": start,
                "date_due": day,
                "date": day,
                "user_id": row.user_id.id,
            }
            for (row, installation, start), day in wanted.items()
            if day >= today
        ]

    @api.model
    def _wanted(self, contract, visits, today):
        """The day of each row, installation and period; nothing of what is archived."""
        if not (contract.active and contract.aftersales_plan_id):
            return {}
        # what was moved from an earlier day is still wanted
        pending = visits.filtered(lambda v: v.state in ("planned", "cancelled"))
        days = [*pending.mapped("date_due"), today]
        last = max(*days, today + HORIZON)
        rows = contract.aftersales_term_ids.plan_id.periodic_ids
        rows = {row.id: row for row in rows | contract.aftersales_periodic_ids}
        places = contract.installation_ids
        wanted = {}
        for due in due_days(self._life(contract), min(days), last):
            row = rows[due.row_id]
            found = places if row.per_installation else places.browse()
            for place in found or [found]:
                wanted[row, place, due.period_start] = due.day
        return wanted

    @api.model
    def _life(self, contract):
        terms = contract.aftersales_term_ids.sorted("date_start")
        return Life(
            start=contract.date_start,
            end=contract.date_end or None,
            renewals=terms.filtered("is_renewal").mapped("date_start"),
            terms=[
                (term.date_start, [*map(self._periodic, term.plan_id.periodic_ids)])
                for term in terms
            ],
            own=[*map(self._periodic, contract.aftersales_periodic_ids)],
            pauses=[
                (pause.date_start, pause.date_end)
                for pause in contract.aftersales_pause_ids
            ],
        )

    @api.model
    def _periodic(self, row):
        return Periodic(
            id=row.id,
            rule=row.recurring_rule_type,
            interval=row.recurring_interval,
            day=row.day_rule,
            month_day=row.month_day,
            start=row.date_start or None,
            end=row.date_end or None,
            replaces_id=row.replaces_id.id or None,
        )
