# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import float_compare

ALERT_ACTIVITY = "erp_aftersales.mail_activity_type_allowance"
ALERT_TEMPLATE = "erp_aftersales.mail_template_grant_alert"


class AftersalesGrant(models.Model):
    """Tells customer and service manager how much of an allowance is used (R25)."""

    _inherit = "aftersales.grant"

    aftersales_alerted = fields.Integer(
        string="Told at (%)",
        readonly=True,
        copy=False,
        aggregator=None,
        help="The highest share of use that customer and service manager were told.",
    )

    def _aftersales_alert(self):
        """Tell customers and service managers of thresholds that use has reached.

        Each is told once per grant and threshold; of several reached at once, only
        the highest. Rating calls this with the grants of all contracts it changed.
        """
        if self.env.context.get("aftersales_no_alert"):
            return
        for grant, threshold in self._aftersales_reached():
            grant.aftersales_alerted = threshold
            grant._aftersales_tell_customer()
            grant._aftersales_tell_manager()

    def _aftersales_reached(self):
        """Grants with the highest threshold reached, if it was not told yet."""
        # One query where no allowance has thresholds: most runs end here. Rating runs
        # for whoever saved work; the alert is the contract's, not theirs.
        watched = self.sudo().search(
            [
                ("id", "in", self.ids),
                ("origin", "in", ("plan", "rollover")),
                ("aftersales_alerted", "<", 100),
                ("allowance_id.alert_thresholds", "!=", False),
            ]
        )
        reached = []
        for grant in watched:
            passed = [each for each in grant._thresholds() if grant._is_used_to(each)]
            highest = max(passed, default=0)
            if highest > grant.aftersales_alerted:
                reached.append((grant, highest))
        return reached

    def _thresholds(self):
        """The percentages of use at which somebody is told."""
        self.ensure_one()
        return [int(part) for part in self.allowance_id.alert_thresholds.split(",")]

    def _is_used_to(self, percent):
        """Tell whether so many percent are used, without the noise of floats."""
        self.ensure_one()
        hours = self.unit == "hour"
        size, used = (
            (self.minutes, self.minutes_used) if hours else (self.quantity, self.used)
        )
        needed = size * percent / 100
        return size > 0 and float_compare(used, needed, precision_digits=6) >= 0

    def _aftersales_tell_customer(self):
        """Send the e-mail in the customer's language, and keep it on the contract."""
        self.ensure_one()
        template = self.env.ref(ALERT_TEMPLATE, raise_if_not_found=False)
        if not template:
            return
        contract, sender = self.contract_id, self._aftersales_manager().partner_id
        mail = template._generate_template(self.ids, ("subject", "body_html"))[self.id]
        company = self.company_id
        contract.with_company(company).message_post(
            subject=mail["subject"],
            body=mail["body_html"],
            author_id=(sender or company.partner_id).id,
            email_from=sender.email_formatted or company.email_formatted or None,
            partner_ids=contract.partner_id.ids,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _aftersales_tell_manager(self):
        """Give the service manager an activity on the contract."""
        self.ensure_one()
        manager = self._aftersales_manager()
        if not manager:
            return
        # Written in the language of whoever reads it, not of whoever logged the work.
        grant = self.with_context(lang=manager.lang)
        grant.contract_id.activity_schedule(
            ALERT_ACTIVITY,
            summary=grant.env._(
                "%(percent)s %% of %(allowance)s are used",
                percent=self.aftersales_alerted,
                allowance=grant.allowance_id.name,
            ),
            note=grant.env._(
                "%(left)s of %(quantity)s are left in '%(grant)s'.",
                left=grant._quantity_text(grant.remaining),
                quantity=grant._quantity_text(grant.quantity),
                grant=grant.display_name,
            ),
            user_id=manager.id,
        )

    def _aftersales_manager(self):
        """Who answers for the grant's contract."""
        return self.contract_id.service_manager_id or self.contract_id.user_id
