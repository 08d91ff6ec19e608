# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesInstallationMetric(models.Model):
    """A number that fees are counted on, from a day on until the next one."""

    _name = "aftersales.installation.metric"
    _description = "Metric of an Installation"
    _order = "installation_id, metric, date desc, id desc"

    installation_id = fields.Many2one(
        "aftersales.installation", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="installation_id.company_id", store=True, index=True
    )
    metric = fields.Selection(
        lambda self: self._selection_metric(),
        required=True,
        help="What is counted; fees with this basis are multiplied by it.",
    )
    date = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        help="First day of this value; it holds until the next one.",
    )
    value = fields.Float(required=True, digits=0, aggregator=None)

    _metric_date_uniq = models.Constraint(
        "UNIQUE (installation_id, metric, date)",
        "This installation has a value of this metric from this day on already: "
        "change that one.",
    )

    @api.model
    def _selection_metric(self):
        basis = self.env["aftersales.plan.fee"]._fields["basis"]
        return [
            (value, label)
            for value, label in basis._description_selection(self.env)
            if value != "fixed"
        ]

    @api.constrains("value", "metric")
    def _check_value(self):
        labels = dict(self._fields["metric"]._description_selection(self.env))
        for row in self:
            if row.value < 0:
                raise ValidationError(
                    self.env._(
                        "%(metric)s of the installation '%(installation)s' cannot be "
                        "below 0: type the number that is in use from the day on.",
                        metric=labels[row.metric],
                        installation=row.installation_id.display_name,
                    )
                )

    @api.depends("metric", "date", "value")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["metric"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{labels.get(row.metric, '')}: {row.value:g}"
