# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesReleaseNotice(models.Model):
    """The notes of a release went to a contact: once, and written down (D4)."""

    _name = "aftersales.release.notice"
    _description = "Release Notes Sent"
    _order = "create_date desc, id desc"
    _rec_name = "partner_id"

    release_id = fields.Many2one(
        "aftersales.release", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="cascade"
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Customer",
        store=True,
        index=True,
    )
    email = fields.Char(required=True, help="Where it was sent to.")
    lang = fields.Char(string="Language", required=True)
    installation_ids = fields.Many2many(
        "aftersales.installation",
        string="Installations",
        help="They ran an older release when it was sent.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True)

    _release_partner_uniq = models.Constraint(
        "UNIQUE (release_id, partner_id)",
        "These notes were sent to this contact already.",
    )

    def action_request_upgrade(self):
        """Write down that the customer wants this release."""
        self.ensure_one()
        action = self.env["aftersales.upgrade"]._open_with(
            release_id=self.release_id.id
        )
        return action | {
            "views": [(False, "form")],
            "view_mode": "form",
            "context": self._upgrade_defaults(),
        }

    def _upgrade_defaults(self):
        found = {"release_id": self.release_id, "requested_by_id": self.partner_id}
        contracts = self.env["contract.contract"].search(
            [
                ("installation_ids", "in", self.installation_ids.ids),
                ("aftersales_plan_id", "!=", False),
            ]
        )
        if len(contracts) == 1:
            found["contract_id"] = contracts
        if len(self.installation_ids) == 1:
            found["installation_id"] = self.installation_ids
        return {f"default_{name}": record.id for name, record in found.items()}

    @api.model
    def _open_list(self, **values):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "erp_aftersales.aftersales_release_notice_action"
        )
        action["domain"] = [(name, "=", value) for name, value in values.items()]
        return action
