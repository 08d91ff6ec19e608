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

    @api.model_create_multi
    def create(self, vals_list):
        """A value inside a paid period is charged at once (R21)."""
        rows = super().create(vals_list)
        rows._tell_contracts({})
        return rows

    def write(self, vals):
        """A corrected value is settled both ways (R21)."""
        before = {row.id: row._said() for row in self}
        result = super().write(vals)
        self._tell_contracts(before)
        return result

    def unlink(self):
        """A deleted value is settled as if it had never been (R21)."""
        said = [(row.installation_id, row._said()) for row in self]
        contracts = self.installation_id._aftersales_contracts()
        result = super().unlink()
        contracts._aftersales_metrics_changed(
            [
                (place, {**told, "before": told["value"], "value": None})
                for place, told in said
            ]
        )
        return result

    def _said(self):
        self.ensure_one()
        day = fields.Date.to_string(self.date)
        return {"metric": self.metric, "date": day, "value": self.value}

    def _tell_contracts(self, before):
        """:param dict before: what the rows said, by id"""
        changed = self.filtered(lambda row: row._said() != before.get(row.id))
        changed.installation_id._aftersales_contracts()._aftersales_metrics_changed(
            [(row.installation_id, row._said()) for row in changed]
        )
