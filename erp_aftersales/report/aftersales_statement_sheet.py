# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import format_date, formatLang


class AftersalesStatementSheet(models.AbstractModel):
    """Statements with what writes their days, times and amounts in one language."""

    _name = "aftersales.statement.sheet"
    _description = "After-sales: statements to print"

    @api.model
    def _of_contract(self, record, contract, date_from, date_to):
        """The sheet of one contract, in the customer's language.

        :param record: what is printed, as the report's model has it
        """
        partner = contract.invoice_partner_id or contract.partner_id
        self = self._in(partner.lang)
        statement = self.env["aftersales.statement"]._statement(
            contract.with_env(self.env), date_from, date_to
        )
        return self._sheet(record, contract, [statement])

    @api.model
    def _of_invoices(self, moves):
        """The sheets of invoices by id, each in its customer's language.

        As many queries for many invoices as for few, a language. The caller answers
        for whoever reads them.
        """
        # Safe: what is printed on the invoice anyway, for whoever may print it.
        charges = self.env["aftersales.charge"].sudo()
        billed = charges._read_group(
            [("invoice_line_id.move_id", "in", moves.ids)],
            aggregates=["invoice_line_id:recordset"],
        )[0][0].move_id.with_env(self.env)
        sheets = {}
        for lang, of_lang in billed.grouped(lambda move: move.partner_id.lang).items():
            here = self._in(lang)
            stated = here.env["aftersales.statement"]._invoice_statements(of_lang)
            for move in of_lang:
                sheets[move.id] = [here._sheet(move, move, stated[move.id])]
        return sheets

    @api.model
    def _in(self, lang):
        return self.with_context(lang=lang or self.env.lang)

    @api.model
    def _sheet(self, record, owner, statements):
        """What the template prints.

        :param owner: whose company's name and logo are on it
        """
        return {
            "o": record.with_env(self.env),
            "lang": self.env.lang,
            # Safe: name and logo, as on every document of the company.
            "company": owner.sudo().company_id,
            "statements": statements,
            "day": self._day,
            "money": self._money,
            "clock": self._clock,
            "units": {"hour": self._clock, "incident": self._count},
        }

    @api.model
    def _day(self, day):
        return format_date(self.env, day) if day else ""

    @api.model
    def _money(self, amount, digits):
        return formatLang(self.env, float(amount), digits=digits)

    @api.model
    def _clock(self, minutes):
        """Hours and minutes as on a clock: 90 is 1:30; parts of a minute are shown."""
        sign = "-" if minutes < 0 else ""
        hours, rest = divmod(abs(minutes), 60)
        whole = int(rest)
        text = f"{sign}{int(hours)}:{whole:02}"
        if rest == whole:
            return text
        point = self.env["res.lang"]._get_data(code=self.env.lang).decimal_point or "."
        return text + point + f"{rest - whole:f}".partition(".")[2].rstrip("0")

    @api.model
    def _count(self, number):
        digits = 0 if number == int(number) else 2
        return formatLang(self.env, float(number), digits=digits)
