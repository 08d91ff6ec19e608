# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import unicodedata

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html_sanitize
from odoo.tools.mail import html_to_inner_content

from .text_likeness import likeness, pieces, shared

# What a piece counts that is found in title or keywords, and in the text.
IN_TITLE, IN_TEXT = 1.0, 0.25
# Of the same service an article is so many times as likely.
SAME_SERVICE = 1.5
# Below this the two only share a word by chance.
ALIKE = 0.1
# So many articles are weighed, those first that have helped most often.
WEIGHED = 200


class DocumentPage(models.Model):
    """An article: found while a ticket is typed, counted when it solves one (D5)."""

    _inherit = "document.page"

    aftersales_is_published = fields.Boolean(
        string="Shown to customers",
        tracking=True,
        help="Customers may read this article. Off: only your own people do.",
    )
    aftersales_service_ids = fields.Many2many(
        "aftersales.service",
        "document_page_aftersales_service_rel",
        "page_id",
        "service_id",
        string="Services",
        groups="erp_aftersales.group_user",
        help="The article is proposed first on tickets of these services.",
    )
    aftersales_keywords = fields.Char(
        string="Keywords",
        help="Words by which customers would ask for it, in any language. They count "
        "as much as the title when articles are proposed.",
    )
    aftersales_release_id = fields.Many2one(
        "aftersales.release",
        string="Release",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        groups="erp_aftersales.group_user",
        help="The release of the software that it is about.",
    )
    aftersales_text = fields.Text(
        string="Plain text",
        compute="_compute_aftersales_text",
        store=True,
        index="trigram",
        help="What the article says now, without its looks; this is searched.",
    )
    aftersales_safe_content = fields.Html(
        string="Text",
        compute="_compute_aftersales_safe_content",
        sanitize=False,
        help="The article without anything that could run on a reader's screen.",
    )
    aftersales_solved_ids = fields.One2many(
        "helpdesk.ticket",
        "aftersales_solved_by_id",
        string="Solved tickets",
        readonly=True,
        groups="erp_aftersales.group_user",
    )
    aftersales_solved_count = fields.Integer(
        string="Tickets solved",
        compute="_compute_aftersales_solved_count",
        store=True,
        help="How many tickets were solved by this article.",
    )
    aftersales_source_id = fields.Many2one(
        "helpdesk.ticket",
        string="Made from ticket",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="erp_aftersales.group_user",
    )

    @api.depends("history_head.content", "type")
    def _compute_aftersales_text(self):
        for page in self:
            content = page.type == "content" and page.history_head.content
            text = html_to_inner_content(str(content or ""))
            # Full-width letters are found by narrow ones.
            page.aftersales_text = unicodedata.normalize("NFKC", text)

    @api.depends("content")
    def _compute_aftersales_safe_content(self):
        for page in self:
            page.aftersales_safe_content = html_sanitize(str(page.content or ""))

    @api.depends("aftersales_solved_ids")
    def _compute_aftersales_solved_count(self):
        # All tickets count, whoever may see them.
        groups = (
            self.env["helpdesk.ticket"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("aftersales_solved_by_id", "in", self.ids)],
                ["aftersales_solved_by_id"],
                ["__count"],
            )
        )
        counts = {page.id: count for page, count in groups}
        for page in self:
            page.aftersales_solved_count = counts.get(page._origin.id, 0)

    @api.model
    def _aftersales_proposed(self, text, service=None, limit=5, published_only=False):
        """The articles that most likely answer a text, the likeliest first.

        They are of the current company or of none. The number of queries does not
        depend on how many articles there are or how long the text is.

        :param text: what is asked, plain, in any language
        :param service: an ``aftersales.service``; its articles are preferred
        :param published_only: whether only what customers may read is proposed
        """
        asked = pieces(text)
        if not asked:
            return self.browse()
        pages = self._aftersales_candidates(asked, published_only)
        scores = likeness(
            asked,
            [
                (
                    (shared(asked, page._aftersales_title()), IN_TITLE),
                    (shared(asked, page.aftersales_text), IN_TEXT),
                )
                for page in pages
            ],
        )
        preferred = self._aftersales_of_service(pages, service)
        ranked = sorted(
            (
                (score * (SAME_SERVICE if page in preferred else 1), page)
                for page, score in zip(pages, scores, strict=True)
                if score >= ALIKE
            ),
            key=lambda found: (-found[0], -found[1].aftersales_solved_count),
        )
        return self.browse([page.id for _score, page in ranked[:limit]])

    def _aftersales_title(self):
        """What an article is called, and by what it is asked for."""
        return f"{self.name} {self.aftersales_keywords or ''}"

    @api.model
    def _aftersales_candidates(self, asked, published_only):
        """The articles in which a piece occurs; a title's matches are never left out.

        They are two searches, so that a common word in many long texts cannot push
        out the article that is named for it.
        """
        domain = Domain("type", "=", "content") & Domain(
            "company_id", "in", (self.env.company.id, False)
        )
        if published_only:
            domain &= Domain("aftersales_is_published", "=", True)
        found = self.browse()
        for names in (("name", "aftersales_keywords"), ("aftersales_text",)):
            matches = Domain.OR(
                Domain(name, "ilike", piece) for name in names for piece in asked
            )
            found |= self.search_fetch(
                domain & matches,
                ["name", "aftersales_keywords", "aftersales_text"],
                limit=WEIGHED,
                order="aftersales_solved_count desc, id desc",
            )
        return found

    @api.model
    def _aftersales_of_service(self, pages, service):
        # Which articles serve a service is no secret, of the articles one may read.
        if not service:
            return self.browse()
        return pages.sudo().filtered(
            lambda page: service.id in page.aftersales_service_ids.ids
        )

    def action_view_aftersales_solved(self):
        """Open the tickets that this article solved."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_mgmt.helpdesk_ticket_action"
        )
        action["domain"] = [("aftersales_solved_by_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def action_view_aftersales_source(self):
        """Open the ticket whose answer this article is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "view_mode": "form",
            "res_id": self.aftersales_source_id.id,
        }
