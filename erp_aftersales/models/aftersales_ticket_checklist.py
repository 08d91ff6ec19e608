# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesTicketChecklist(models.Model):
    """One thing to do on a ticket; who ticks it off is written down (D3)."""

    _name = "aftersales.ticket.checklist"
    _description = "Checklist of a Ticket"
    _order = "sequence, id"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="To do", required=True, translate=True)
    is_done = fields.Boolean(string="Done")
    done_by_id = fields.Many2one("res.users", string="Done by", readonly=True)
    done_at = fields.Datetime(string="Done at", readonly=True)
    remark = fields.Char(help="What was found.")

    @api.model_create_multi
    def create(self, vals_list):
        """Write down who did what is done from the beginning."""
        return super().create([self._signed(vals) for vals in vals_list])

    def write(self, vals):
        """Write down who ticks off, and when; what was ticked off stays as it was."""
        if not vals.get("is_done"):
            return super().write(self._signed(vals))
        ticked = self.filtered("is_done")
        super(AftersalesTicketChecklist, self - ticked).write(self._signed(vals))
        rest = {name: vals[name] for name in self._typed(vals) if name != "is_done"}
        return super(AftersalesTicketChecklist, ticked).write(rest)

    @api.model
    def _typed(self, vals):
        return [name for name in vals if name not in ("done_by_id", "done_at")]

    @api.model
    def _signed(self, vals):
        signed = {name: vals[name] for name in self._typed(vals)}
        if "is_done" in vals:
            done = vals["is_done"]
            signed["done_by_id"] = done and self.env.uid
            signed["done_at"] = done and fields.Datetime.now()
        return signed

    @api.model
    def _copy_items(self, pairs):
        """Put the items of checklists on tickets, in all languages.

        :param pairs: a ticket and the items for it, many times
        """
        items = [(ticket, item) for ticket, found in pairs for item in found]
        lines = self.create(
            [
                {"ticket_id": ticket.id, "sequence": item.sequence, "name": item.name}
                for ticket, item in items
            ]
        )
        for lang, _name in self.env["res.lang"].get_installed():
            for line, (_ticket, item) in zip(
                lines.with_context(lang=lang), items, strict=True
            ):
                name = item.with_context(lang=lang).name
                if name != line.name:
                    line.name = name
        return lines
