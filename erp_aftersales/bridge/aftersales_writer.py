# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Changes become records: what is the same is not written."""

from odoo import api, models

from ..engine.amounts import quantity


class AftersalesWriter(models.AbstractModel):
    """The one writer of charges and of the plan's grants."""

    _name = "aftersales.writer"
    _description = "After-sales: results to records"

    @api.model
    def _apply(self, changes):
        """Write what differs: one create, few updates, one unlink a model.

        :param dict changes: engine changes by contract, in sudo
        """
        grants = self._open_grants(changes)
        charges = self.env["aftersales.charge"]
        gone = [id_ for change in changes.values() for id_ in change.delete]
        charges.browse(gone).unlink()
        for contract, change in changes.items():
            for charge_id, charge in change.update:
                charges.browse(charge_id).write(self._vals(contract, charge, grants))
        charges.create(
            [
                self._vals(contract, charge, grants)
                for contract, change in changes.items()
                for charge in change.create
            ]
        )
        stale = [id_ for change in changes.values() for id_ in change.grants_delete]
        self.env["aftersales.grant"].browse(stale).unlink()

    @api.model
    def _open_grants(self, changes):
        """Create what is missing; return grant ids by contract and engine key."""
        wanted = [
            (contract, grant)
            for contract, change in changes.items()
            for grant in change.grants_create
        ]
        records = self.env["aftersales.grant"].create(
            [self._grant_vals(contract, grant) for contract, grant in wanted]
        )
        grants = {
            (contract.id, grant.key): record.id
            for (contract, grant), record in zip(wanted, records, strict=True)
        }
        for change in changes.values():
            for grant_id, grant in change.grants_update:
                records.browse(grant_id).write(
                    {
                        "quantity": grant.size / 60,
                        "minutes": grant.size,
                        "date_end": grant.end,
                    }
                )
        for record in self._grants_used(changes):
            grants[record.contract_id.id, self._grant_key(record)] = record.id
        return grants

    @api.model
    def _grants_used(self, changes):
        contract_ids = [contract.id for contract, change in changes.items() if change]
        return self.env["aftersales.grant"].search(
            [("contract_id", "in", contract_ids)]
        )

    @api.model
    def _grant_key(self, grant):
        return self.env["aftersales.loader"]._grant(grant).key

    @api.model
    def _grant_vals(self, contract, grant):
        allowance = self.env["aftersales.plan.allowance"].browse(grant.allowance_id)
        return {
            "contract_id": contract.id,
            "allowance_id": allowance.id,
            "origin": grant.origin,
            "unit": "hour",
            "quantity": grant.size / 60,
            "minutes": grant.size,
            "service_ids": [(6, 0, sorted(grant.service_ids))],
            "date_start": grant.start,
            "date_end": grant.end,
            "date_agreed": grant.agreed,
            "priority": grant.priority,
        }

    @api.model
    def _vals(self, contract, charge, grants):
        return {
            "contract_id": contract.id,
            "currency_id": contract.currency_id.id,
            "key": charge.key,
            "kind": charge.kind,
            "date": charge.day,
            "amount": float(charge.amount),
            "ticket_id": charge.ticket_id,
            "timesheet_id": charge.work_id,
            "fee_id": charge.fee_id,
            "date_start": charge.start,
            "date_end": charge.end,
            "service_id": charge.service_id,
            "service_mode": charge.mode,
            "grade_id": charge.grade_id,
            "band": charge.band,
            "minutes_worked": charge.worked,
            "minutes": charge.minutes,
            "minutes_taken": float(charge.taken),
            "quantity": float(quantity(charge)),
            "unit": charge.unit,
            "grant_id": charge.grant and grants[contract.id, charge.grant],
            "rate_id": charge.rate_id,
            "price_unit": float(charge.price),
            "discount": float(charge.discount),
            "is_waiting": charge.waiting,
            "reason_code": charge.reason,
            "reason_args": dict(charge.args),
        }
