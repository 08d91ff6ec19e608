# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request


class ReleaseNotesController(http.Controller):
    """A contact that wants no more release notes says so without logging in (D4)."""

    @http.route(
        "/aftersales/release_notes/<int:partner_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        # The token is the contact's alone; mail programs post without a session.
        csrf=False,
        sitemap=False,
    )
    def unsubscribe(self, partner_id, token, **_post):
        """Ask, then unsubscribe; a link that is read by a machine changes nothing."""
        # sudo: the token was signed for this contact; nothing of it is shown
        partner = request.env["res.partner"].sudo().browse(partner_id)
        if not partner._aftersales_is_token(token):
            raise NotFound()
        if partner.lang:
            request.update_context(lang=partner.lang)
        if request.httprequest.method == "POST":
            partner._aftersales_unsubscribe()
        is_done = partner.aftersales_release_notes == "refused"
        return request.render(
            "erp_aftersales.release_notes_unsubscribe",
            {"is_done": is_done},
            headers={"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"},
        )
