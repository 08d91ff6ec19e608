# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html_sanitize
from odoo.tools.mail import html_to_inner_content

# So many articles are proposed on a ticket: they are read while somebody waits.
PROPOSED = 3
# Of a description only the beginning is searched for; it tells the rest at length.
BEGINNING = 400


class HelpdeskTicket(models.Model):
    """A ticket finds its article while it is typed, and becomes one (D5)."""

    _inherit = "helpdesk.ticket"

    aftersales_proposed_ids = fields.Many2many(
        "document.page",
        string="Articles",
        compute="_compute_aftersales_proposed_ids",
        groups="erp_aftersales.group_user",
        help="Articles that may answer this ticket, by its words and its service.",
    )
    aftersales_solved_by_id = fields.Many2one(
        "document.page",
        string="Solved by",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        groups="erp_aftersales.group_user",
        help="The article that solved this ticket.",
    )
    aftersales_made_page_ids = fields.One2many(
        "document.page",
        "aftersales_source_id",
        string="Made articles",
        readonly=True,
        groups="erp_aftersales.group_user",
    )
    aftersales_page_count = fields.Integer(
        string="Number of articles",
        compute="_compute_aftersales_page_count",
        groups="erp_aftersales.group_user",
    )

    @api.depends(
        "name",
        "description",
        "service_id",
        "company_id",
        "stage_id",
        "aftersales_solved_by_id",
    )
    def _compute_aftersales_proposed_ids(self):
        for ticket in self:
            pages = self.env["document.page"].with_company(ticket.company_id)
            if ticket.closed or ticket.aftersales_solved_by_id:
                ticket.aftersales_proposed_ids = pages
                continue
            ticket.aftersales_proposed_ids = pages._aftersales_proposed(
                ticket._aftersales_words(), ticket.service_id._origin, PROPOSED
            )

    @api.depends("aftersales_solved_by_id", "aftersales_made_page_ids")
    def _compute_aftersales_page_count(self):
        for ticket in self:
            ticket.aftersales_page_count = len(ticket._aftersales_pages())

    @api.constrains("aftersales_solved_by_id", "company_id")
    def _check_aftersales_solved_by(self):
        # Only named; it may be hidden from whoever moves the ticket.
        for ticket in self.sudo():
            page = ticket.aftersales_solved_by_id
            if page.company_id and page.company_id != ticket.company_id:
                raise ValidationError(
                    self.env._(
                        "Ticket %(ticket)s is of company %(company)s, but the article "
                        "'%(article)s' belongs to another company: choose one of this "
                        "company.",
                        ticket=ticket.number,
                        company=ticket.company_id.display_name,
                        article=page.name,
                    )
                )

    def _aftersales_pages(self):
        return self.aftersales_solved_by_id | self.aftersales_made_page_ids

    def _aftersales_words(self):
        """What this ticket asks, plain: its subject and how its description begins."""
        self.ensure_one()
        described = html_to_inner_content(self.description or "")
        return f"{self.name or ''} {described[:BEGINNING]}"

    def action_aftersales_solved_by(self, page_id):
        """Say that an article solved this ticket: it is counted, and noted."""
        self.ensure_one()
        page = self.env["document.page"].browse(page_id)
        page.check_access("read")
        if self.aftersales_solved_by_id == page:
            return
        self.aftersales_solved_by_id = page
        self.message_post(
            body=self.env._(
                "Solved by the article %(article)s.", article=page._get_html_link()
            )
        )

    def action_aftersales_not_solved(self):
        """Take back that an article solved this ticket."""
        self.ensure_one()
        page = self.aftersales_solved_by_id
        if not page:
            return
        self.aftersales_solved_by_id = False
        self.message_post(
            body=self.env._(
                "Not solved by the article %(article)s after all.",
                article=page._get_html_link(),
            )
        )

    def action_view_aftersales_pages(self):
        """Open the articles of this ticket: what solved it, and what it became."""
        self.ensure_one()
        return self._aftersales_open_pages(self._aftersales_pages())

    def action_aftersales_make_article(self):
        """Make an article of this ticket's answer, hidden from customers, and open it.

        A second click opens the article that the first one made.
        """
        self.ensure_one()
        if not self.aftersales_made_page_ids:
            page = self.env["document.page"].create(self._aftersales_article())
            self.message_post(
                body=self.env._(
                    "Became the article %(article)s.", article=page._get_html_link()
                )
            )
        return self._aftersales_open_pages(self.aftersales_made_page_ids)

    def _aftersales_article(self):
        """The values of the article that this ticket becomes."""
        answer = self._aftersales_last_answer()
        # A customer wrote it, or a mail client did: nothing in it may run.
        content = html_sanitize(str(answer.body or self.description or ""))
        return {
            "name": self.name,
            "type": "content",
            "content": content,
            "draft_name": "1.0",
            "draft_summary": self.env._("From ticket %s", self.number),
            "company_id": self.company_id.id,
            "aftersales_service_ids": self.service_id.ids,
            "aftersales_source_id": self.id,
        }

    def _aftersales_last_answer(self):
        """The last message that one of us sent to the customer."""
        return self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("message_type", "in", ("comment", "email")),
                ("subtype_id.internal", "=", False),
                ("subtype_id", "!=", False),
                ("is_internal", "=", False),
                ("author_id.partner_share", "=", False),
                ("author_id", "not in", [False, self.partner_id.id]),
            ],
            order="date desc, id desc",
            limit=1,
        )

    @api.model
    def _aftersales_open_pages(self, pages):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "erp_aftersales.document_page_action"
        )
        if len(pages) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = pages.id
        action["domain"] = [("id", "in", pages.ids)]
        action["context"] = {"default_type": "content"}
        return action
