# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

RELEASE_KINDS = [("major", "Major"), ("minor", "Minor"), ("patch", "Patch")]


class AftersalesRelease(models.Model):
    """A release of the vendor's software, which customers have installed."""

    _name = "aftersales.release"
    _description = "Software Release"
    _order = "sequence, date desc, name desc, id desc"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Order in the list; among equals the latest comes first."
    )
    kind = fields.Selection(
        RELEASE_KINDS,
        required=True,
        default="minor",
        help="What its upgrades cost depends on it, by the customer's plan.",
    )
    date = fields.Date(string="Released on", help="Day on which it was published.")
    notes = fields.Html(translate=True, help="What is new, for support and customers.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: offered by all companies."
    )
    installation_ids = fields.One2many(
        "aftersales.installation",
        "release_id",
        string="Installations",
        readonly=True,
        help="Where it runs.",
    )
    installation_count = fields.Integer(compute="_compute_counts")
    upgrade_count = fields.Integer(compute="_compute_counts")

    def _compute_counts(self):
        for model, name in (
            ("aftersales.installation", "installation_count"),
            ("aftersales.upgrade", "upgrade_count"),
        ):
            groups = self.env[model]._read_group(
                [("release_id", "in", self.ids)], ["release_id"], ["__count"]
            )
            counts = dict(groups)
            for release in self:
                release[name] = counts.get(release._origin, 0)

    def action_open_installations(self):
        """Open the installations that run this release."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "erp_aftersales.aftersales_installation_action"
        )
        action["domain"] = [("release_id", "=", self.id)]
        action["context"] = {"default_release_id": self.id}
        return action

    def action_open_upgrades(self):
        """Open the upgrades to this release."""
        self.ensure_one()
        return self.env["aftersales.upgrade"]._open_with(release_id=self.id)

    def _steps_from(self, release, known):
        """The releases that an upgrade to this one goes through, this one included.

        :param release: what is installed; without a day of either, only this one
        :param known: the releases that have a day
        """
        self.ensure_one()
        if not (self.date and release.date):
            return self
        return self | known.filtered(
            lambda step: (
                release.date < step.date <= self.date
                and step.company_id.id in (self.company_id.id, False)
            )
        )
