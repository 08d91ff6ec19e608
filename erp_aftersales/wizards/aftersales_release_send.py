# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class AftersalesReleaseSend(models.TransientModel):
    """Shows whom the notes of a release go to, and in which words; then sends (D4)."""

    _name = "aftersales.release.send"
    _description = "Send Release Notes"

    release_id = fields.Many2one(
        "aftersales.release", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many(
        "aftersales.release.send.line",
        "wizard_id",
        string="Contacts",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    new_count = fields.Integer(string="To send", compute="_compute_new_count")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Preview in",
        compute="_compute_lang",
        store=True,
        readonly=False,
    )
    subject = fields.Char(compute="_compute_preview")
    body = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("release_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "partner_id": partner.id,
                            "installation_ids": [Command.set(installations.ids)],
                            "state": state,
                            "lang": wizard.release_id._lang_of(partner),
                            "is_sent": state == "new",
                        }
                    )
                    for partner, installations, state in wizard.release_id._recipients()
                ),
            ]

    @api.depends("line_ids.is_sent")
    def _compute_new_count(self):
        for wizard in self:
            wizard.new_count = len(wizard._chosen())

    @api.depends("release_id")
    def _compute_lang(self):
        for wizard in self:
            lines = wizard._chosen() or wizard.line_ids
            wizard.lang = lines[:1].lang or self.env.lang

    @api.depends("lang", "line_ids.is_sent")
    def _compute_preview(self):
        for wizard in self:
            lines = wizard._chosen()
            line = lines.filtered(lambda line, lang=wizard.lang: line.lang == lang)[:1]
            # a link that leads nowhere: who looks does not unsubscribe the customer
            wizard.subject, wizard.body = wizard.release_id._notes_rendered(
                wizard.lang, line.partner_id, line.installation_ids, "#"
            )

    def _chosen(self):
        return self.line_ids.filtered(lambda line: line.is_sent and line.state == "new")

    def action_send(self):
        """Queue the mails to the contacts that are chosen, and tell how many."""
        self.ensure_one()
        release = self.release_id
        if not release.try_lock_for_update():
            raise UserError(
                self.env._(
                    "Somebody else sends the notes of '%s' at this moment. Look at "
                    "'Notes sent' before you send them again.",
                    release.name,
                )
            )
        chosen = self._chosen().partner_id
        # asked anew: somebody may have unsubscribed, or been told, meanwhile
        recipients = [
            found
            for found in release._recipients()
            if found.state == "new" and found.partner in chosen
        ]
        if not recipients:
            raise UserError(
                self.env._("Nobody is left to be told of '%s'.", release.name)
            )
        release._send_notes(recipients)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s mails wait in the queue and go out within the hour.",
                    count=len(recipients),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class AftersalesReleaseSendLine(models.TransientModel):
    """A contact that is told, or is not and why."""

    _name = "aftersales.release.send.line"
    _description = "Contact for Release Notes"

    wizard_id = fields.Many2one(
        "aftersales.release.send", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer"
    )
    email = fields.Char(related="partner_id.email")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        readonly=True,
    )
    installation_ids = fields.Many2many(
        "aftersales.installation", string="Runs an older release", readonly=True
    )
    state = fields.Selection(
        [
            ("new", "New"),
            ("sent", "Sent before"),
            ("refused", "Unsubscribed"),
            ("blocked", "Address is blocked"),
            ("no_email", "No e-mail"),
        ],
        readonly=True,
    )
    is_sent = fields.Boolean(string="Send")
