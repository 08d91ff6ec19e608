# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_date, formatLang


class AftersalesPreviewWizard(models.TransientModel):
    """Ask for a day; show what would be invoiced on it, and why (R14)."""

    _name = "aftersales.preview.wizard"
    _description = "Preview of Invoices"

    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._aftersales_today(),
        help="The day on which the invoices would be made; also one to come.",
    )
    due_only = fields.Boolean(
        string="Only what is due",
        help="Yes: what the recurring run makes on that day. No: also what 'Invoice "
        "open charges' makes then.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    contract_ids = fields.Many2many("contract.contract", string="Contracts")
    body = fields.Html(
        string="Invoices", compute="_compute_body", sanitize=False, readonly=True
    )
    line_ids = fields.One2many("aftersales.preview.line", "wizard_id")

    @api.depends("date", "due_only", "contract_ids")
    @api.depends_context("lang")
    def _compute_body(self):
        for wizard in self:
            contracts = wizard.contract_ids._origin
            if not contracts or not wizard.date:
                wizard.body = False
                continue
            document = contracts._aftersales_preview(wizard.date, wizard.due_only)
            wizard.body = self.env["ir.qweb"]._render(
                "erp_aftersales.aftersales_preview_document",
                document | {"day": self._day, "number": self._number},
            )

    def action_show(self):
        """List the lines of all invoices that would be made, contract by contract."""
        self.ensure_one()
        contracts = self._contracts()
        forecast = self.env["aftersales.invoice.preview"]._forecast(
            contracts, self.date, self.due_only
        )
        self.line_ids = [
            Command.clear(),
            *(Command.create(vals) for vals in self._lines(forecast)),
        ]
        action = self.env["ir.actions.actions"]._for_xml_id(
            "erp_aftersales.aftersales_preview_line_action"
        )
        action["domain"] = [("wizard_id", "=", self.id)]
        action["name"] = self.env._(
            "Preview: %(day)s", day=format_date(self.env, self.date)
        )
        return action

    def _contracts(self):
        """The contracts asked for; none: all of the company, as far as they are due."""
        if self.contract_ids:
            return self.contract_ids
        contracts = self.contract_ids.with_context(
            aftersales_company_id=self.company_id.id
        )
        domain = Domain("aftersales_plan_id", "!=", False) & Domain(
            "company_id", "=", self.company_id.id
        )
        if self.due_only:
            domain &= Domain(contracts._aftersales_late_domain(self.date))
        return self.contract_ids.browse(contracts.search(domain).ids)

    @api.model
    def _lines(self, forecast):
        """The values of a list line for each invoice line, and for what waits."""
        currencies = dict(
            self.env["res.currency"]._read_group([], ["name"], ["id:recordset"])
        )
        for number, (contract_id, document) in enumerate(forecast.invoices, start=1):
            currency = currencies[document["currency"]]
            for line in document["lines"]:
                yield {
                    "contract_id": contract_id,
                    "invoice": number,
                    "name": line["name"],
                    "date_start": line["period_start"],
                    "date_end": line["period_end"],
                    "quantity": float(line["quantity"]),
                    "unit": line["unit"],
                    "price_unit": float(line["price_unit"]),
                    "amount": float(line["subtotal"]),
                    "currency_id": currency.id,
                    "reasons": "\n".join(line["rules"]),
                }
        for contract_id, text in forecast.problems.items():
            yield {
                "contract_id": contract_id,
                "name": self.env._("Not billed"),
                "reasons": text,
                "currency_id": self.contract_ids.browse(contract_id).currency_id.id,
                "is_problem": True,
            }

    @api.model
    def _day(self, day):
        return format_date(self.env, day) if day else ""

    @api.model
    def _number(self, number):
        """A number of the document with its own digits, as the reader writes it."""
        digits = len(number.partition(".")[2])
        return formatLang(self.env, float(number), digits=digits)
