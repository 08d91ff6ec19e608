# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import new_test_user

from .desk_common import DeskCommon


class KnowledgeCommon(DeskCommon):
    """People of the desk, and short ways to articles, tickets and messages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("user", "billing", "manager"):
            login = f"knowledge_{role}"
            user = new_test_user(cls.env, login, f"erp_aftersales.group_{role}")
            setattr(cls, role, user)
        cls.Page = cls.env["document.page"]

    @classmethod
    def _page(cls, name, content="<p>Nothing</p>", **vals):
        return cls.Page.create(
            {
                "name": name,
                "type": "content",
                "content": content,
                "draft_name": "1.0",
                "draft_summary": "First",
                **vals,
            }
        )

    def _asked(self, name, partner=None, **vals):
        vals.setdefault("user_id", self.user.id)
        return self._ticket(partner or self.customer, name=name, **vals)

    def _say(self, ticket, body, user, **vals):
        return ticket.with_user(user).message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **vals,
        )
