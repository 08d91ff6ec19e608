# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

PRESETS = {
    "helpdesk_mgmt.helpdesk_ticket_stage_awaiting": "aftersales_pauses",
    "helpdesk_mgmt.helpdesk_ticket_stage_cancelled": "aftersales_not_charged",
    "helpdesk_mgmt.helpdesk_ticket_stage_rejected": "aftersales_not_charged",
}


class HelpdeskTicketStage(models.Model):
    _inherit = "helpdesk.ticket.stage"

    aftersales_pauses = fields.Boolean(
        string="Waits for the Customer",
        help="The clock of the resolution target stands still in this stage.",
    )
    aftersales_not_charged = fields.Boolean(
        string="Not Charged",
        help="A ticket in this stage is no incident: it costs nothing by itself.",
    )

    def write(self, vals):
        """Bring open charges up to date when a stage begins or ends to charge."""
        turned = self.browse()
        if "aftersales_not_charged" in vals:
            flag = bool(vals["aftersales_not_charged"])
            turned = self.filtered(lambda s: s.aftersales_not_charged != flag)
        result = super().write(vals)
        if turned:
            # A stage serves teams that the writer may not see; rating is for all.
            tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
            tickets = tickets.search(
                [("stage_id", "in", turned.ids), ("contract_id", "!=", False)]
            )
            tickets._aftersales_rate()
        return result

    @api.model
    def _aftersales_preset(self):
        """Set our flags on the stages of the helpdesk that are still there."""
        for xmlid, flag in PRESETS.items():
            stage = self.env.ref(xmlid, raise_if_not_found=False)
            if stage:
                stage[flag] = True
