# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reason codes and numbers become sentences in the reader's language (R24)."""

from decimal import Decimal
from functools import reduce

from odoo import api, models
from odoo.tools import format_date, formatLang

PROBLEMS_SHOWN = 20


class AftersalesWording(models.AbstractModel):
    """Says in one sentence why a charge costs what it costs; decides nothing."""

    _name = "aftersales.wording"
    _description = "After-sales: reasons in words"

    @api.model
    def _sentences(self, charges):
        """Return the sentence of each charge by id, in the language of the context."""
        return {charge.id: self._sentence(charge) for charge in charges}

    @api.model
    def _sentence(self, charge):
        args = charge.reason_args or {}
        say = getattr(self, f"_say_{charge.reason_code}", None)
        text = say(charge, args) if say else ""
        parts = (self._percent(args), self._less(charge), self._cent(charge, args))
        return "".join((text, *parts, self._part(args)))

    # Parts of a sentence

    @api.model
    def _what(self, charges):
        """Service, mode and, where they make the price, grade and band.

        Of several charges what they have in common.
        """
        charge = charges[0]
        names = [charge.service_id.name or self.env._("Work")]
        if len(set(charges.mapped("service_mode"))) == 1:
            names.append(self._label(charge, "service_mode"))
        is_priced = charge.price_unit or charge.kind == "unrated"
        if is_priced and len({charge.grade_id for charge in charges}) == 1:
            names.append(charge.grade_id.name)
        bands = set(charges.mapped("band"))
        if len(bands) == 1 and bands <= {"after_hours", "holiday"}:
            names.append(self._label(charge, "band"))
        return self._list(names)

    @api.model
    def _list(self, names):
        """Names in a list, those that are empty left out."""
        found = list(filter(None, names))
        return reduce(self._listed, found) if found else ""

    @api.model
    def _listed(self, first, following):
        """One more name in a list, as the reader's language divides them."""
        return self.env._("%(first)s, %(next)s", first=first, next=following)

    @api.model
    def _quoted(self, names):
        """Names in a list, each in the quotes of the reader's language."""
        return self._list([self.env._("'%(name)s'", name=name) for name in names])

    @api.model
    def _label(self, record, name):
        selection = dict(record._fields[name]._description_selection(self.env))
        return selection.get(record[name], "")

    @api.model
    def _basis(self, args):
        field = self.env["aftersales.plan.fee"]._fields["basis"]
        labels = dict(field._description_selection(self.env))
        return labels.get(args.get("basis"), args.get("basis"))

    @api.model
    def _count(self, args):
        value = self._number(Decimal(args.get("value", "1")))
        return f"{value} {self._basis(args)}"

    @api.model
    def _time(self, charge):
        billed = self._duration(charge.minutes)
        if charge.minutes == charge.minutes_worked:
            return billed
        if charge.minutes > charge.minutes_worked:
            return self.env._(
                "%(billed)s (rounded from %(worked)s)",
                billed=billed,
                worked=self._duration(charge.minutes_worked),
            )
        return self.env._(
            "%(billed)s (of %(worked)s, the rest is invoiced already)",
            billed=billed,
            worked=self._duration(charge.minutes_worked),
        )

    @api.model
    def _duration(self, minutes):
        if minutes < 0:
            return self.env._("minus %s", self._duration(-minutes))
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self.env._("%(minutes)s min", minutes=rest)
        if not rest:
            return self.env._("%(hours)s h", hours=hours)
        return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)

    @api.model
    def _price(self, charge):
        price = self._money(charge.price_unit, charge.currency_id)
        if charge.unit == "incident":
            return price
        if charge.unit == "day":
            return self.env._("%(price)s a day", price=price)
        return self.env._("%(price)s an hour", price=price)

    @api.model
    def _money(self, amount, currency):
        """The digits typed, at least those of the currency."""
        typed = -Decimal(str(amount)).as_tuple().exponent
        digits = max(currency.decimal_places, typed if amount % 1 else 0)
        return formatLang(self.env, amount, digits=digits)

    @api.model
    def _number(self, number):
        """A plain number with at most two digits after the point."""
        digits = 0 if number == int(number) else 2
        return formatLang(self.env, float(number), digits=digits)

    @api.model
    def _percent(self, args):
        """R2: a contract's price as a percent of the plan's or the card's.

        A fee's percent of the licence value is said by its own sentence.
        """
        if "percent" not in args or args.keys() & {"basis", "target"}:
            return ""
        return self.env._(
            ", %(percent)s %% of the usual price",
            percent=self._number(Decimal(args["percent"])),
        )

    @api.model
    def _less(self, charge):
        if not charge.discount:
            return ""
        return self.env._(
            ", less %(discount)s %%", discount=self._number(Decimal(charge.discount))
        )

    @api.model
    def _cent(self, charge, args):
        """R13: entries of one price are rounded together."""
        if "cent" not in args:
            return ""
        return self.env._(
            " (%(cent)s by rounding together with the month's other work)",
            cent=f"{Decimal(args['cent']):+f}",
        )

    @api.model
    def _part(self, args):
        if "part" not in args:
            return ""
        return self.env._(
            " (part %(part)s of %(parts)s)", part=args["part"], parts=args["parts"]
        )

    # Invoice lines and problems

    @api.model
    def _line_name(self, contract, charges, grouping, period):
        """The text of an invoice line, in the customer's language.

        :param tuple period: first and last day
        """
        lang = contract.invoice_partner_id.lang or contract.partner_id.lang
        self = self.with_context(lang=lang or self.env.lang)
        charges = charges.with_env(self.env)
        days = " – ".join(format_date(self.env, day) for day in period)
        if charges[0].unit == "unit":  # fees and credits: no work to be summed up
            return "\n".join((*map(self._sentence, charges), days))
        head = self.env._(
            "%(what)s, %(days)s",
            what=self._group_name(charges, grouping),
            days=days,
        )
        return f"{head}\n{self._sum(charges)}"

    @api.model
    def _group_name(self, charges, grouping):
        """What the charges of a line have in common: one price may pay for several."""
        charge = charges[0]
        names = [self._what(charges)]
        if grouping == "ticket":
            names.insert(0, charge.ticket_id.display_name)
        elif grouping == "entry":
            names.insert(0, charge.ticket_id.display_name)
            names.append(charge.timesheet_id.name)
        return " · ".join(filter(None, names))

    @api.model
    def _sum(self, charges):
        """How much for which price, and what makes the price."""
        say = getattr(self, f"_sum_{charges[0].kind}", self._sum_priced)
        return say(charges, self._much(charges))

    @api.model
    def _much(self, charges):
        """The time of charges, or how many incidents they are; without a sign."""
        if charges[0].unit != "incident":
            return self._duration(abs(sum(charges.mapped("minutes"))))
        count = abs(sum(charges.mapped("quantity")))
        if count == 1:
            return self.env._("1 incident")
        return self.env._("%s incidents", self._number(count))

    @api.model
    def _sum_included(self, charges, much):
        if set(charges.mapped("reason_code")) == {"included"}:
            return self.env._("%(time)s, included in the plan", time=much)
        return self.env._("%(time)s, free of charge", time=much)

    @api.model
    def _sum_allowance(self, charges, much):
        return self.env._("%(time)s, covered by the included hours", time=much)

    @api.model
    def _sum_quoted(self, charges, much):
        return self.env._("%(time)s, billed by a quotation", time=much)

    @api.model
    def _sum_adjustment(self, charges, much):
        """What corrections take back and add, one less the other (R17)."""
        text = self._sum_priced(charges, much) if charges[0].price_unit else much
        if sum(charges.mapped("quantity")) < 0:
            return self.env._("%(sum)s, taken back", sum=text)
        return self.env._("%(sum)s, by correction", sum=text)

    @api.model
    def _sum_priced(self, charges, much):
        charge = charges[0]
        if charge.kind == "incident" and charge.grant_id:
            return self.env._("%(time)s, covered by the included incidents", time=much)
        if not charge.price_unit:
            return self.env._("%(time)s, free of charge", time=much)
        price = self._price(charge)
        text = self.env._("%(time)s x %(price)s", time=much, price=price)
        text += self._less(charge)
        if charge.kind == "overage":
            text += self.env._(", beyond the included hours")
        return text

    @api.model
    def _problems(self, contracts):
        """What waits for a price, by contract id; contracts without are left out."""
        charges = self.env["aftersales.charge"].search(
            [("contract_id", "in", contracts.ids), ("kind", "=", "unrated")],
            order="contract_id, date, id",
        )
        return {
            contract.id: self._problem_text(of_contract)
            for contract, of_contract in charges.grouped("contract_id").items()
        }

    @api.model
    def _problem_text(self, charges):
        """What of a contract's charges waits for a price, the oldest first."""
        unrated = charges.filtered(lambda charge: charge.kind == "unrated")
        lines = [self._problem(charge) for charge in unrated[:PROBLEMS_SHOWN]]
        return "\n".join(lines)

    @api.model
    def _problem(self, charge):
        where = charge.ticket_id.display_name or charge.contract_id.display_name
        day = format_date(self.env, charge.date)
        return self.env._(
            "%(day)s %(where)s: %(sentence)s",
            day=day,
            where=where,
            sentence=self._sentence(charge),
        )
