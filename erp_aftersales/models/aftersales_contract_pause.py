# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class AftersalesContractPause(models.Model):
    """Days on which a contract rests: no fees, and work is outside of it (R22)."""

    _name = "aftersales.contract.pause"
    _description = "Pause of a Contract"
    _order = "contract_id, date_start"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    date_start = fields.Date(string="From", required=True)
    date_end = fields.Date(string="To", required=True, help="Last day of the pause.")

    @api.depends("date_start", "date_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for pause in self:
            pause.display_name = self.env._(
                "%(first)s to %(last)s",
                first=format_date(self.env, pause.date_start),
                last=format_date(self.env, pause.date_end),
            )

    @api.constrains("date_start", "date_end")
    def _check_days(self):
        for pause in self:
            others = pause.contract_id.aftersales_pause_ids - pause
            names = {
                "contract": pause.contract_id.display_name,
                "pause": pause.display_name,
            }
            if pause.date_end < pause.date_start:
                raise ValidationError(
                    self.env._(
                        "The pause of contract %(contract)s ends before it begins: "
                        "%(pause)s. Change one of the days.",
                        **names,
                    )
                )
            for other in others:
                if (
                    other.date_start <= pause.date_end
                    and pause.date_start <= other.date_end
                ):
                    raise ValidationError(
                        self.env._(
                            "Contract %(contract)s rests on some of these days "
                            "already: %(other)s. Choose others, or lift that pause.",
                            other=other.display_name,
                            **names,
                        )
                    )

    def action_lift(self):
        """Take the pause back: its days are charged and covered again (R22)."""
        for contract, pauses in self.grouped("contract_id").items():
            contract._aftersales_lift(pauses)
