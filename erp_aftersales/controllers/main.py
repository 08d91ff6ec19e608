# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController


class AftersalesTicketController(HelpdeskTicketController):
    @http.route(methods=["POST"])
    def support_ticket_close(self, ticket_id=None, stage_id=None, **kw):
        """Close a ticket that the user may see, into a stage that its page offers.

        The base closes any ticket for anybody logged in, by a mere link.
        """
        ticket = self._aftersales_record("helpdesk.ticket", ticket_id)
        if not ticket or not ticket.has_access("read"):
            raise NotFound()
        # A customer may see a ticket but not write it; closing is the one exception,
        # and only into the stages that the page shows.
        ticket = ticket.sudo()
        stage = self._aftersales_record("helpdesk.ticket.stage", stage_id)
        if not ticket.closed and stage in self._aftersales_closing_stages(ticket):
            ticket.stage_id = stage
        # The base's own status; a browser follows it with a GET after a POST as well.
        return request.redirect(f"/my/ticket/{ticket.id}", code=302)

    def _aftersales_record(self, model, record_id):
        """The record of a posted id, or none."""
        text = str(record_id or "")
        record = request.env[model].browse(int(text) if text.isdecimal() else ())
        # Whether an id exists is told only after the check of its rules.
        return record.sudo().exists().sudo(False)

    def _aftersales_closing_stages(self, ticket):
        company = ticket.company_id
        stages = ticket.team_id.with_company(company)._get_applicable_stages()
        return stages.filtered(lambda stage: stage.closed and stage.close_from_portal)
