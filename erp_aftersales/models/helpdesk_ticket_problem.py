# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools.mail import html_to_inner_content

from .text_likeness import likeness, pieces, shared

# What a piece counts that is found in the subject, and in the description.
IN_SUBJECT, IN_DESCRIPTION = 1.0, 0.25
ALIKE = 0.2
# So many tickets are compared, the latest first.
COMPARED = 200
SHOWN = 3


class HelpdeskTicket(models.Model):
    """Tickets that have one problem behind them find each other (D6)."""

    _inherit = "helpdesk.ticket"

    problem_id = fields.Many2one(
        "aftersales.problem",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        copy=False,
        groups="erp_aftersales.group_user",
        help="What this ticket has in common with others. Closing the problem "
        "answers it.",
    )
    aftersales_similar_ids = fields.Many2many(
        "helpdesk.ticket",
        string="Similar tickets",
        compute="_compute_aftersales_similar_ids",
        groups="erp_aftersales.group_user",
        help="Open tickets of the same service or category that use the same words.",
    )
    aftersales_similar_count = fields.Integer(
        string="Number of similar tickets",
        compute="_compute_aftersales_similar_ids",
        groups="erp_aftersales.group_user",
    )

    @api.depends(
        "name",
        "description",
        "service_id",
        "category_id",
        "company_id",
        "stage_id",
        "problem_id",
    )
    def _compute_aftersales_similar_ids(self):
        for ticket in self:
            found = self.browse()
            if not (ticket.closed or ticket.problem_id):
                found = ticket._aftersales_alike(
                    ticket._aftersales_words(),
                    Domain("company_id", "=", ticket.company_id.id)
                    & Domain("id", "!=", ticket._origin.id),
                    service=ticket.service_id._origin,
                    category=ticket.category_id._origin,
                    limit=SHOWN,
                )
            ticket.aftersales_similar_ids = found
            ticket.aftersales_similar_count = len(found)

    @api.constrains("problem_id", "company_id")
    def _check_aftersales_problem(self):
        # Only named; it may be hidden from whoever moves the ticket.
        for ticket in self.sudo().filtered("problem_id"):
            if ticket.problem_id.company_id != ticket.company_id:
                raise ValidationError(
                    self.env._(
                        "Ticket %(ticket)s is of company %(company)s, but problem "
                        "%(problem)s belongs to another company: choose one of this "
                        "company.",
                        ticket=ticket.number,
                        company=ticket.company_id.display_name,
                        problem=ticket.problem_id.display_name,
                    )
                )

    def _aftersales_open(self):
        """Those of these tickets that are neither closed nor archived."""
        return self.filtered(lambda one: one.active and not one.stage_id.closed)

    @api.model
    def _aftersales_alike(self, text, domain, service=None, category=None, limit=3):
        """The open tickets that most likely ask the same, the likeliest first.

        One search, however many there are; what the caller may not read is not found.

        :param text: what is asked, plain, in any language
        :param domain: which tickets are compared at all
        :param service: with it, or with ``category``, only tickets that share one
        """
        asked = pieces(text)
        if not asked:
            return self.browse()
        domain &= Domain("stage_id.closed", "=", False)
        if service or category:
            same = Domain.FALSE
            if service:
                same |= Domain("service_id", "=", service.id)
            if category:
                same |= Domain("category_id", "=", category.id)
            domain &= same
        domain &= Domain.OR(
            Domain(name, "ilike", piece)
            for name in ("name", "description")
            for piece in asked
        )
        tickets = self.search_fetch(
            domain, ["name", "description"], limit=COMPARED, order="id desc"
        )
        parts = [
            (
                (shared(asked, ticket.name), IN_SUBJECT),
                (
                    shared(asked, html_to_inner_content(ticket.description or "")),
                    IN_DESCRIPTION,
                ),
            )
            for ticket in tickets
        ]
        scores = zip(likeness(asked, parts), tickets.ids, strict=True)
        ranked = sorted(found for found in scores if found[0] >= ALIKE)
        return self.browse([ticket_id for _score, ticket_id in ranked[::-1][:limit]])

    def action_aftersales_group(self):
        """Ask to which problem these tickets belong, or make one of them."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Group as a problem"),
            "res_model": "aftersales.problem.group",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_ids": [Command.set(self.ids)]},
        }

    def action_aftersales_group_similar(self):
        """The same, for this ticket and those that are like it."""
        self.ensure_one()
        return (self | self.aftersales_similar_ids).action_aftersales_group()

    def action_aftersales_join(self):
        """Add these tickets to the problem whose form proposes them."""
        problem = self.env["aftersales.problem"].browse(
            self.env.context.get("aftersales_problem_id")
        )
        self.problem_id = problem.exists()

    def action_view_aftersales_similar(self):
        """Open the tickets that are like this one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_mgmt.helpdesk_ticket_action"
        )
        action["domain"] = [("id", "in", (self | self.aftersales_similar_ids).ids)]
        action["context"] = {}
        return action

    def action_view_aftersales_problem(self):
        """Open the problem behind this ticket."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "aftersales.problem",
            "view_mode": "form",
            "res_id": self.problem_id.id,
        }
