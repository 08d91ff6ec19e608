# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

AWAITING = "helpdesk_mgmt.helpdesk_ticket_stage_awaiting"
IN_PROGRESS = "helpdesk_mgmt.helpdesk_ticket_stage_in_progress"
PRESETS = {
    AWAITING: "aftersales_pauses",
    "helpdesk_mgmt.helpdesk_ticket_stage_cancelled": "aftersales_not_charged",
    "helpdesk_mgmt.helpdesk_ticket_stage_rejected": "aftersales_not_charged",
}


class HelpdeskTicketStage(models.Model):
    _inherit = "helpdesk.ticket.stage"

    aftersales_pauses = fields.Boolean(
        string="Waits for the Customer",
        help="The clock of the resolution target stands still in this stage.",
    )
    aftersales_answered_stage_id = fields.Many2one(
        "helpdesk.ticket.stage",
        string="When the customer answers",
        ondelete="set null",
        help="A ticket that waits for the customer moves to this stage when he "
        "answers, so that its clock runs on. Empty: somebody moves it.",
    )
    aftersales_not_charged = fields.Boolean(
        string="Not Charged",
        help="A ticket in this stage is no incident: it costs nothing by itself.",
    )

    def write(self, vals):
        """Bring charges and clocks up to date when a stage means something else."""
        turned = self.browse()
        if "aftersales_not_charged" in vals:
            flag = bool(vals["aftersales_not_charged"])
            turned = self.filtered(lambda s: s.aftersales_not_charged != flag)
        result = super().write(vals)
        # A stage serves teams that the writer may not see; what it means is for all.
        tickets = self.env["helpdesk.ticket"].sudo()
        if turned:
            rated = tickets.with_context(active_test=False).search(
                [("stage_id", "in", turned.ids), ("contract_id", "!=", False)]
            )
            rated._aftersales_rate()
        if vals.keys() & {"closed", "aftersales_pauses"}:
            inside = tickets.search([("stage_id", "in", self.ids)])
            inside._aftersales_mark({})
            inside._aftersales_bring_up_to_date()
        return result

    @api.model
    def _aftersales_preset(self):
        """Set our flags on the stages of the helpdesk that are still there."""
        for xmlid, flag in PRESETS.items():
            stage = self.env.ref(xmlid, raise_if_not_found=False)
            if stage:
                stage[flag] = True
        waits = self.env.ref(AWAITING, raise_if_not_found=False)
        works = self.env.ref(IN_PROGRESS, raise_if_not_found=False)
        if waits and works and not waits.aftersales_answered_stage_id:
            waits.aftersales_answered_stage_id = works
