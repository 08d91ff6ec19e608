# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How a fee, its true-ups and its credits came about, in words (R20 to R22, R24)."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import format_date


class AftersalesWordingFees(models.AbstractModel):
    """One sentence for each reason code of fees."""

    _inherit = "aftersales.wording"

    @api.model
    def _say_fee(self, charge, args):
        return self.env._(
            "%(fee)s: %(calculation)s",
            fee=charge.fee_id.name,
            calculation=self._fee_calculation(charge, args) + self._fee_days(args),
        )

    @api.model
    def _fee_calculation(self, charge, args):
        """Every step from the value to a whole period's fee, in the engine's order."""
        text = self._fee_base(charge, args)
        for percent in args.get("increases", ()):
            text += self.env._(
                "; price increase %(percent)s %%",
                percent=self._number(Decimal(percent)),
            )
        factors = {factor.id: factor.name for factor in charge.fee_id.factor_ids}
        for factor_id, factor in args.get("factors", ()):
            text += self.env._(
                "; %(name)s x %(factor)s",
                name=factors.get(factor_id, ""),
                factor=charge.fee_id._format_number(float(factor)),
            )
        if "member" in args:
            text += self.env._(
                "; member price -%(percent)s %%",
                percent=self._number(Decimal(args["member"])),
            )
        if "discount" in args:
            text += self.env._(
                "; less %(percent)s %%",
                percent=self._number(Decimal(args["discount"])),
            )
        if "minimum" in args:
            text += self.env._(
                ", at least %(minimum)s",
                minimum=self._fee_money(charge, args["minimum"]),
            )
        return text

    @api.model
    def _fee_base(self, charge, args):
        """Value x price, its tiers, or a percentage of the licence value."""
        price = args.get("price") or charge.price_unit
        if "percent" in args:
            return self.env._(
                "%(percent)s %% of %(value)s",
                percent=self._number(Decimal(args["percent"])),
                value=self._fee_money(charge, args["value"]),
            )
        tiers = args.get("tiers", ())
        if len(tiers) > 1:
            return self.env._(
                "%(count)s: %(tiers)s",
                count=self._count(args),
                tiers=", ".join(self._fee_tiers(charge, tiers)),
            )
        if args.get("basis") == "fixed":
            return self._fee_money(charge, price)
        return self.env._(
            "%(count)s x %(price)s",
            count=self._count(args),
            price=self._fee_money(charge, tiers[0][1] if tiers else price),
        )

    @api.model
    def _fee_tiers(self, charge, tiers):
        for number, (count, price) in enumerate(tiers):
            said = {
                "count": self._number(Decimal(count)),
                "price": self._fee_money(charge, price),
            }
            if number:
                yield self.env._("next %(count)s at %(price)s", **said)
            else:
                yield self.env._("first %(count)s at %(price)s", **said)

    @api.model
    def _fee_days(self, args):
        if "days" not in args:
            return ""
        return self.env._(
            ", for %(days)s of %(whole)s days",
            days=args["days"],
            whole=args["whole_days"],
        )

    @api.model
    def _fee_money(self, charge, amount):
        return self._money(float(amount), charge.currency_id)

    @api.model
    def _say_true_up(self, charge, args):
        names = {
            "fee": charge.fee_id.name,
            "day": format_date(self.env, charge.date_start),
            "count": self._count(args),
            "calculation": self._fee_calculation(charge, args),
            "now": self._fee_money(charge, args["to"]),
            "was": self._fee_money(charge, args["was"]),
        }
        if "before" in args:
            names["before"] = self._number(Decimal(args["before"]))
            text = self.env._(
                "%(fee)s from %(day)s: %(calculation)s is %(now)s, instead of %(was)s"
                " for %(before)s",
                **names,
            )
        else:
            text = self.env._(
                "%(fee)s from %(day)s: %(calculation)s is %(now)s, %(was)s was charged",
                **names,
            )
        if "charged" in args:
            text += self.env._(
                ", of which %(charged)s was charged",
                charged=self._fee_money(charge, args["charged"]),
            )
        return text + self._fee_days(args)

    @api.model
    def _say_fee_credit(self, charge, args):
        because = {
            "plan": self.env._("another plan or another fee is in force"),
            "pause": self.env._("the contract rests"),
            "end": self.env._("the contract has ended"),
        }
        text = self.env._(
            "%(fee)s of %(amount)s given back from %(first)s to %(last)s, because"
            " %(because)s",
            fee=charge.fee_id.name,
            amount=self._fee_money(charge, args["fee"]),
            first=format_date(self.env, charge.date_start),
            last=format_date(self.env, charge.date_end),
            because=because.get(args.get("why"), args.get("why")),
        )
        return text + self._fee_days(args)

    @api.model
    def _say_fee_again(self, charge, args):
        text = self.env._(
            "%(fee)s: %(amount)s again, because its invoice is gone and what was given"
            " back is not",
            fee=charge.fee_id.name,
            amount=self._fee_money(charge, args["fee"]),
        )
        return text + self._fee_days(args)

    @api.model
    def _say_fee_paused(self, charge, args):
        return self.env._(
            "%(fee)s: none from %(first)s to %(last)s, because the contract rests",
            fee=charge.fee_id.name,
            first=format_date(self.env, charge.date_start),
            last=format_date(self.env, charge.date_end),
        )

    @api.model
    def _say_no_metric(self, charge, args):
        return self.env._(
            "%(fee)s waits: no installation of the contract has a value for"
            " '%(basis)s' by %(day)s",
            fee=charge.fee_id.name,
            basis=self._basis(args),
            day=format_date(self.env, charge.date_start),
        )
