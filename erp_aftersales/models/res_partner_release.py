# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import consteq, email_normalize, hmac

SCOPE = "erp_aftersales.release_notes"


class ResPartner(models.Model):
    """Who reads release notes, and who does not want them any more (D4)."""

    _inherit = "res.partner"

    aftersales_release_notes = fields.Selection(
        [("wanted", "Sent"), ("refused", "Not wanted")],
        string="Release notes",
        help="Sent: this contact receives the notes of new releases. Not wanted: "
        "nothing is sent, as after a click in the mail. Where nobody of a customer has "
        "chosen, its main e-mail receives them.",
    )

    def _aftersales_unsubscribe_token(self):
        """The secret that only the mail to this contact and address knows."""
        self.ensure_one()
        message = (self.id, email_normalize(self.email) or "")
        # sudo: the secret of the database is read to sign, and not shown
        return hmac(self.env(su=True), SCOPE, message)

    def _aftersales_unsubscribe_url(self):
        """Where this contact says, without logging in, that it wants no more notes."""
        self.ensure_one()
        path = f"/aftersales/release_notes/{self.id}"
        token = self._aftersales_unsubscribe_token()
        return f"{self.get_base_url()}{path}/{token}"

    def _aftersales_is_token(self, token):
        """Whether a token was made for this contact; of one that is gone, none was."""
        return bool(self.exists()) and consteq(
            self._aftersales_unsubscribe_token(), token or ""
        )

    def _aftersales_unsubscribe(self):
        """Send this contact no more release notes."""
        if self.aftersales_release_notes != "refused":
            self.aftersales_release_notes = "refused"
            self._message_log(
                body=self.env._("Wants no more release notes (link in the mail).")
            )
