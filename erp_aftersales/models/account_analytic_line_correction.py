# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

CORRECTABLE = (
    "unit_amount",
    "date",
    "start_datetime",
    "employee_id",
    "service_id",
    "service_mode",
    "name",
)
# Only code holds this object: no context that a client sends can be it.
CORRECTING = object()


class AccountAnalyticLine(models.Model):
    """Invoiced work changes by a manager's correction only (R17)."""

    _inherit = "account.analytic.line"

    aftersales_revision = fields.Integer(
        string="Correction",
        readonly=True,
        copy=False,
        default=0,
        help="How often this work was corrected after it was invoiced.",
    )

    def action_aftersales_correct(self, vals):
        """Change work, also what is invoiced: billing settles the difference (R17).

        :param dict vals: new values, of the fields in ``CORRECTABLE``
        """
        self._check_aftersales_corrector()
        self._check_aftersales_correctable(vals)
        self._aftersales_lock()
        priced = {name: value for name, value in vals.items() if name != "name"}
        frozen = self._aftersales_frozen_now()
        frozen = frozen.filtered(lambda line: line._aftersales_differs(priced))
        for revision, lines in frozen.grouped("aftersales_revision").items():
            lines._aftersales_write({**vals, "aftersales_revision": revision + 1})
        (self - frozen)._aftersales_write(vals)
        return True

    def _aftersales_write(self, vals):
        """Write past the guard of invoiced work."""
        if self:
            self.with_context(aftersales_correcting=CORRECTING).write(vals)

    def _aftersales_is_correcting(self):
        return self.env.context.get("aftersales_correcting") is CORRECTING

    def _check_aftersales_corrector(self):
        # The user counts also where code acts as superuser for him.
        if not self.env.user.has_group("erp_aftersales.group_manager"):
            raise AccessError(
                self.env._(
                    "Only an after-sales manager can correct work: ask one to correct "
                    "the work of %(dates)s on ticket %(tickets)s.",
                    dates=", ".join(dict.fromkeys(map(str, self.mapped("date")))),
                    tickets=", ".join(self.sudo().ticket_id.mapped("number")) or "-",
                )
            )

    @api.model
    def _check_aftersales_correctable(self, vals):
        others = vals.keys() - set(CORRECTABLE)
        if others:
            names = self.fields_get(CORRECTABLE, ["string"])
            raise UserError(
                self.env._(
                    "A correction changes %(allowed)s, but not %(refused)s: credit the "
                    "invoice with 'bill this work again' to change that.",
                    allowed=", ".join(name["string"] for name in names.values()),
                    refused=", ".join(sorted(others)),
                )
            )

    def _aftersales_lock(self):
        """Correct one after the other: the second is repeated on what it finds."""
        if self:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM account_analytic_line WHERE id IN %s "
                    "ORDER BY id FOR UPDATE",
                    tuple(self.ids),
                )
            )

    def _aftersales_differs(self, vals):
        """Whether values change this line."""
        self.ensure_one()
        for name, value in vals.items():
            field = self._fields[name]
            new = field.convert_to_cache(value, self)
            if new != field.convert_to_cache(self[name], self):
                return True
        return False

    def _aftersales_frozen_now(self):
        """The lines of which a charge of the current revision is on an invoice."""
        charges = self._aftersales_invoiced_charges()
        lines = charges.filtered(
            lambda charge: (
                charge.key.startswith(charge.timesheet_id._aftersales_key_prefix())
                and not charge.key.endswith("/back")
            )
        ).timesheet_id
        return self & lines

    def _aftersales_key_prefix(self):
        """How the keys of the charges of the current revision begin."""
        self.ensure_one()
        revision = self.aftersales_revision
        return f"w{self.id}/{revision}." if revision else f"w{self.id}."

    def _check_aftersales_frozen(self):
        if self._aftersales_is_correcting():
            return None
        return super()._check_aftersales_frozen()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("aftersales_revision", None)
        return super().create(vals_list)

    def write(self, vals):
        """The count of corrections is written by a correction only."""
        if "aftersales_revision" in vals and not self._aftersales_is_correcting():
            vals = {k: v for k, v in vals.items() if k != "aftersales_revision"}
        return super().write(vals)

    def _aftersales_correctable(self):
        """The values that a correction may change, as plain data."""
        self.ensure_one()
        values = {}
        for name in CORRECTABLE:
            field = self._fields[name]
            value = self[name].id if field.relational else self[name]
            if field.type in ("date", "datetime"):
                value = field.to_string(value) if value else False
            values[name] = value
        return values

    def action_aftersales_correction(self):
        """Open the dialogue that corrects this work."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct Work"),
            "res_model": "aftersales.correct",
            "view_mode": "form",
            "target": "new",
            "context": {"default_timesheet_id": self.id},
        }
