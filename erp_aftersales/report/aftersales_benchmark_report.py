# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.aftersales_plan_fee import FEE_BASES


class AftersalesBenchmarkReport(models.Model):
    """Our fees and competitors' prices in one table, a year for one (B5).

    Prices are read as the engine stored them; what is done here is to bring them into
    the company's currency at today's rate.
    """

    _name = "aftersales.benchmark.report"
    _description = "Market Prices"
    _auto = False
    _rec_name = "seller"
    _order = "basis, side, yearly_price, id"
    _depends = {
        "aftersales.benchmark": [
            "active",
            "basis",
            "company_id",
            "currency_id",
            "date",
            "name",
            "plan_id",
            "service_level",
            "yearly_price",
        ],
        "aftersales.plan": ["active", "name", "revision", "state"],
        "aftersales.plan.fee": [
            "basis",
            "company_id",
            "currency_id",
            "name",
            "plan_id",
            "yearly_price",
        ],
        "res.currency.rate": ["company_id", "currency_id", "name", "rate"],
    }

    side = fields.Selection(
        [("ours", "Ours"), ("theirs", "Theirs")],
        string="Whose",
        readonly=True,
        help="A plan's fee, or a competitor's price.",
    )
    seller = fields.Char(
        string="Offered as", readonly=True, help="Our plan, or the competitor."
    )
    offer = fields.Char(
        string="Fee or service level", readonly=True, help="What is paid for."
    )
    plan_id = fields.Many2one(
        "aftersales.plan",
        readonly=True,
        help="Our plan, or the one that a competitor's price is compared with.",
    )
    basis = fields.Selection(FEE_BASES, readonly=True, help="What it is counted on.")
    yearly_price = fields.Float(
        string="A year for one",
        readonly=True,
        digits="Product Price",
        aggregator="avg",
        help="For one of the basis and a year, in the company's currency at today's "
        "rate; of the licence value the percentage.",
    )
    date = fields.Date(string="As of", readonly=True, help="The day of the price.")
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        rates = SQL(", ").join(
            SQL("(%s, %s::double precision)", currency_id, rate)
            for currency_id, rate in self._rates().items()
        )
        return SQL(
            "SELECT priced.id, priced.side, priced.seller, priced.offer,"
            " priced.plan_id, priced.basis, priced.date, priced.company_id,"
            " CASE WHEN priced.basis = 'licence_value' THEN priced.yearly_price"
            " ELSE priced.yearly_price * rates.rate END AS yearly_price"
            " FROM (%(ours)s UNION ALL %(theirs)s) AS priced"
            " JOIN (VALUES %(rates)s) AS rates (currency_id, rate)"
            " ON rates.currency_id = priced.currency_id",
            ours=self._ours(),
            theirs=self._theirs(),
            rates=rates,
        )

    def _rates(self):
        """What a unit of each currency is worth in the company's, today."""
        company = self.env.company
        # also in a currency that is not used any more
        currencies = self.env["res.currency"].search([("active", "in", [True, False])])
        rates = currencies._get_rates(company, fields.Date.context_today(self))
        own = rates[company.currency_id.id]
        return {currency_id: own / rate for currency_id, rate in rates.items()}

    def _ours(self):
        """The fees of plans that are sold or being prepared."""
        return SQL(
            "SELECT fee.id * 2 AS id, 'ours' AS side,"
            " CASE WHEN plan.revision > 1"
            " THEN CONCAT(%(plan)s, ' (', plan.revision, ')')"
            " ELSE %(plan)s END AS seller,"
            " %(fee)s AS offer, plan.id AS plan_id, fee.basis, NULL::date AS date,"
            " plan.company_id, fee.currency_id, fee.yearly_price"
            " FROM aftersales_plan_fee AS fee"
            " JOIN aftersales_plan AS plan ON plan.id = fee.plan_id"
            " WHERE plan.active AND plan.state != 'retired'",
            plan=self.env["aftersales.plan"]._field_to_sql("plan", "name"),
            fee=self.env["aftersales.plan.fee"]._field_to_sql("fee", "name"),
        )

    def _theirs(self):
        benchmarks = self.env["aftersales.benchmark"]
        return SQL(
            "SELECT benchmark.id * 2 + 1 AS id, 'theirs' AS side, %(seller)s AS seller,"
            " %(offer)s AS offer, benchmark.plan_id, benchmark.basis, benchmark.date,"
            " benchmark.company_id, benchmark.currency_id, benchmark.yearly_price"
            " FROM aftersales_benchmark AS benchmark WHERE benchmark.active",
            seller=benchmarks._field_to_sql("benchmark", "name"),
            offer=benchmarks._field_to_sql("benchmark", "service_level"),
        )
