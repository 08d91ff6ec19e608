# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AftersalesPromisedMixin(models.AbstractModel):
    """What contracts and plans share: how many of their promises were kept (D2)."""

    _name = "aftersales.promised.mixin"
    _description = "Record with Service Levels"
    _aftersales_sla_field = None

    aftersales_sla_count = fields.Integer(
        string="Targets decided",
        compute="_compute_aftersales_sla",
        groups="erp_aftersales.group_user",
        help="How many targets of its tickets were met or missed.",
    )
    aftersales_sla_met = fields.Float(
        string="Targets met (%)",
        compute="_compute_aftersales_sla",
        digits=(16, 1),
        groups="erp_aftersales.group_user",
        help="How many of a hundred decided targets were met, of the tickets that you "
        "may see.",
    )

    def _compute_aftersales_sla(self):
        groups = self.env["aftersales.sla.report"]._read_group(
            [(self._aftersales_sla_field, "in", self.ids)],
            [self._aftersales_sla_field],
            ["met:count", "met:avg"],
        )
        found = {record.id: figures for record, *figures in groups}
        for record in self:
            count, met = found.get(record._origin.id, (0, 0.0))
            record.aftersales_sla_count = count
            record.aftersales_sla_met = met or 0.0

    def action_aftersales_sla(self):
        """Open what became of the promises to these records' tickets."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "erp_aftersales.aftersales_sla_report_action"
        )
        return action | {
            "domain": [(self._aftersales_sla_field, "in", self.ids)],
            "context": {},
        }
