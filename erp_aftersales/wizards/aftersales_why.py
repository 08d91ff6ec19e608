# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import groupby

DECIDES = ("applied", "base", "amount", "agreed")
WARNS = ("no_base", "missing", "waits")
TRIED = ("coverage", "grant", "rate")


class AftersalesWhy(models.TransientModel):
    """Shows which rows were tried for charges, and why each did not apply (R24)."""

    _name = "aftersales.why"
    _description = "Why does it cost that?"

    charge_ids = fields.Many2many("aftersales.charge", string="Charges")
    body = fields.Html(
        string="Why", compute="_compute_body", sanitize=False, readonly=True
    )

    @api.depends("charge_ids")
    @api.depends_context("lang")
    def _compute_body(self):
        for wizard in self:
            charges = wizard.charge_ids._origin
            lines = self.env["aftersales.why.loader"]._why(charges)
            wizard.body = self.env["ir.qweb"]._render(
                "erp_aftersales.aftersales_why_document",
                {
                    "charges": charges,
                    "sections": {id_: self._sections(of) for id_, of in lines.items()},
                    "layers": self._layers(),
                    "titles": self._titles(),
                },
            )

    @api.model
    def _sections(self, lines):
        """The lines of a charge by step, in their order, with what they look like."""
        looks = [{**line, **self._look(line)} for line in lines]
        return [
            (step, list(group))
            for step, group in groupby(looks, key=lambda line: line["step"])
        ]

    @api.model
    def _look(self, line):
        """Whether a line decides, warns, or only was tried."""
        decides = line["verdict"] in DECIDES
        warns = line["verdict"] in WARNS
        was_tried = line["step"] in TRIED and line["row"]
        return {
            "decides": decides,
            "warns": warns,
            "passes": was_tried and not (decides or warns),
        }

    @api.model
    def _titles(self):
        """What each step asks."""
        return {
            "before": self.env._("What was corrected?"),
            "coverage": self.env._("Is it covered?"),
            "grant": self.env._("Is it paid already?"),
            "rate": self.env._("At which price?"),
            "agreed": self.env._("Who agreed?"),
            "amount": self.env._("How much is it?"),
        }

    @api.model
    def _layers(self):
        field = self.env["aftersales.plan.rate"]._fields["layer"]
        labels = dict(field._description_selection(self.env))
        return {
            "own": labels["contract"],
            "plan": labels["plan"],
            "card": labels["standard"],
        }
