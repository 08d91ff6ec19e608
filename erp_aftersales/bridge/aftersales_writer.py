# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Changes become records: what is the same is not written."""

from odoo import Command, api, models

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
        records = self._open_grants(changes)
        key = self.env["aftersales.loader"]._grant_key
        grants = {(record.contract_id.id, key(record)): record.id for record in records}
        charges = self.env["aftersales.charge"]
        gone = [id_ for change in changes.values() for id_ in change.delete]
        charges.browse(gone).unlink()
        charges._aftersales_rewrite(
            {
                charge_id: self._vals(contract, charge, grants)
                for contract, change in changes.items()
                for charge_id, charge in change.update
            }
        )
        charges.create(
            [
                self._new_vals(contract, charge, grants)
                for contract, change in changes.items()
                for charge in change.create
            ]
        )
        stale = [id_ for change in changes.values() for id_ in change.grants_delete]
        stale = self.env["aftersales.grant"].browse(stale)
        stale.unlink()
        loader = self.env["aftersales.loader"]
        told = (records - stale).filtered(lambda g: loader._tells(g.contract_id))
        told._aftersales_alert()

    @api.model
    def _open_grants(self, changes):
        """Create what is missing, and what grew or ends earlier; return all grants."""
        wanted = [
            (contract, grant)
            for contract, change in changes.items()
            for grant in change.grants_create
        ]
        records = self.env["aftersales.grant"].create(
            [self._grant_vals(contract, grant) for contract, grant in wanted]
        )
        for change in changes.values():
            for grant_id, grant in change.grants_update:
                self._resize(records.browse(grant_id), grant)
        return records | self._grants_there(changes)

    @api.model
    def _resize(self, record, grant):
        """A rollover follows its source; a grant that is cut ends earlier (R8)."""
        record.write({**self._grant_size(grant), "date_end": grant.end})

    @api.model
    def _grants_there(self, changes):
        # Rating has just read those that it uses: only ids are asked for.
        return self.env["aftersales.grant"].search(
            [("contract_id", "in", [contract.id for contract in changes])], order="id"
        )

    @api.model
    def _grant_vals(self, contract, grant):
        return {
            "contract_id": contract.id,
            "allowance_id": grant.allowance_id,
            "origin": grant.origin,
            "unit": grant.unit,
            **self._grant_size(grant),
            "service_ids": [Command.set(sorted(grant.service_ids))],
            "date_start": grant.start,
            "date_end": grant.end,
            "date_agreed": grant.agreed,
            "priority": grant.priority,
        }

    @api.model
    def _grant_size(self, grant):
        size = {"quantity": grant.size / 60, "minutes": grant.size}
        if grant.unit == "incident":
            size = {"quantity": grant.size, "minutes": 0}
        return {**size, "minutes_less": grant.less}

    @api.model
    def _new_vals(self, contract, charge, grants):
        """All values that a new charge has, with those that follow from the others."""
        vals = self._vals(contract, charge, grants) | {
            "company_id": contract.company_id.id,
            "commercial_partner_id": contract.commercial_partner_id.id,
            "state": "waiting" if charge.waiting else "open",
        }
        return {name: value for name, value in vals.items() if value is not None}

    @api.model
    def _vals(self, contract, charge, grants):
        return {
            "contract_id": contract.id,
            "currency_id": self.env["aftersales.loader"]._currency(contract).id,
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
