# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .test_tours import ToursCase


@tagged("post_install", "-at_install")
class TestKnowledgeTour(ToursCase):
    def test_d5_an_article_is_proposed_while_typed_and_solves_the_ticket(self):
        page = self.env["document.page"].create(
            {
                "name": "Labels come out blank",
                "type": "content",
                "content": "<p>Set the paper width.</p>",
                "draft_name": "1.0",
                "draft_summary": "First",
            }
        )
        self._tour("article_solves_a_ticket", self.support)
        ticket = page.aftersales_solved_ids
        self.assertEqual(ticket.name, "Blank labels")
        self.assertEqual(page.aftersales_solved_count, 1)
