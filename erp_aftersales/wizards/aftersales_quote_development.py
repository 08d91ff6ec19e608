# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesQuoteDevelopment(models.TransientModel):
    """Quotes custom development: a whole price, hours by grade, or stages (A4)."""

    _name = "aftersales.quote.development"
    _description = "Quote Custom Development"

    contract_id = fields.Many2one(
        "contract.contract", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        domain="[('contract_id', '=', contract_id)]",
        help="The request that it answers. What the contract does with the ticket's "
        "work decides whether the order bills it or only accepts it.",
    )
    name = fields.Char(
        string="What",
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        help="In the customer's words; it stands on the quotation.",
    )
    way = fields.Selection(
        [
            ("whole", "At a whole price"),
            ("hours", "By the hours worked"),
            ("stages", "In stages, each paid when it is accepted"),
        ],
        string="Paid",
        required=True,
        default="whole",
    )
    amount = fields.Monetary(string="Price")
    service_id = fields.Many2one(
        "aftersales.service",
        compute="_compute_service_id",
        store=True,
        readonly=False,
        help="What kind of work it is: rates may depend on it.",
    )
    service_mode = fields.Selection(
        [("remote", "Remote"), ("onsite", "On-site")],
        string="Mode",
        default="remote",
        required=True,
    )
    line_ids = fields.One2many("aftersales.quote.line", "wizard_id", string="Parts")
    total = fields.Monetary(compute="_compute_total")

    @api.model_create_multi
    def create(self, vals_list):
        """Its rates are shown to those who may see the contract."""
        wizards = super().create(vals_list)
        wizards.contract_id.check_access("read")
        wizards.ticket_id.check_access("read")
        return wizards

    @api.depends("ticket_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.name or wizard.ticket_id.name

    @api.depends("ticket_id", "contract_id")
    def _compute_service_id(self):
        """The ticket's service; else what the plan quotes; else its default one."""
        for wizard in self:
            # Whoever sells may not see plans; a service is no secret.
            plan = wizard.contract_id.sudo().aftersales_plan_id
            quoted = plan.coverage_ids.filtered(lambda row: row.policy == "quote")
            wizard.service_id = (
                wizard.ticket_id.service_id
                or quoted.service_id[:1].sudo(False)
                or plan.default_service_id.sudo(False)
            )

    @api.depends("way", "amount", "line_ids.amount")
    def _compute_total(self):
        for wizard in self:
            is_whole = wizard.way == "whole"
            parts = sum(wizard.line_ids.mapped("amount"))
            wizard.total = wizard.amount if is_whole else parts

    def _hour_prices(self, grades):
        """An hour by grade id; None where the contract has no rate."""
        if not (self.contract_id and self.service_id and grades):
            return {}
        return self.env["aftersales.offer"]._hour_prices(
            self.contract_id._origin,
            self.service_id._origin,
            self.service_mode,
            grades._origin,
        )

    def action_quote(self):
        """Make the quotation, linked to the contract and the ticket."""
        self.ensure_one()
        partner = self.contract_id.partner_id
        said = self.with_context(lang=partner.lang or self.env.lang)
        lines = getattr(said, f"_lines_{self.way}")()
        if not lines:
            raise UserError(
                self.env._("Add a line for each part: its grade and hours, or stage.")
            )
        return self.contract_id._aftersales_make_quotation(lines, self.ticket_id)

    def _lines_whole(self):
        if self.amount <= 0:
            raise UserError(self.env._("Type the price of the development."))
        return [self._line("product_development", self.name, 1, self.amount)]

    def _lines_hours(self):
        prices = self._hour_prices(self.line_ids.grade_id)
        return [
            {
                **self._line(
                    "product_development_hours",
                    self._hours_name(part),
                    part.hours,
                    self._hour_price(part, prices),
                ),
                "aftersales_grade_id": part.grade_id.id,
            }
            for part in self.line_ids
        ]

    def _hour_price(self, part, prices):
        """The rate of a part, refused when there is none (R10)."""
        if not part.grade_id or part.hours <= 0:
            raise UserError(self.env._("Each line needs a grade, and hours above 0."))
        price = prices.get(part.grade_id.id)
        if price is None:
            raise UserError(
                self.env._(
                    "Contract %(contract)s has no rate for '%(service)s' by "
                    "%(grade)s: add one to the contract, its plan or the standard "
                    "rate card.",
                    contract=self.contract_id.display_name,
                    service=self.service_id.display_name or "",
                    grade=part.grade_id.display_name,
                )
            )
        return float(price)

    def _hours_name(self, part):
        return self.env._(
            "%(what)s: %(grade)s, by the hours worked",
            what=self.name,
            grade=part.grade_id.name,
        )

    def _lines_stages(self):
        if any(not part.name or part.amount <= 0 for part in self.line_ids):
            raise UserError(self.env._("Each stage needs a name, and a price above 0."))
        return [
            self._line(
                "product_development_stage",
                f"{self.name}: {part.name}",
                1,
                part.amount,
            )
            for part in self.line_ids
        ]

    def _line(self, product, name, quantity, price):
        return {
            "product_id": self.env.ref(f"erp_aftersales.{product}").id,
            "name": name,
            "product_uom_qty": quantity,
            "price_unit": price,
        }
