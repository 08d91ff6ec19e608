# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What stands behind an amount: agreement and calculation, in words (R24)."""

from odoo import api, models
from odoo.tools import format_date

from ..engine.calculation import METRIC, SHARE


class AftersalesWordingAmount(models.AbstractModel):
    """Says who agreed to an amount, and how it was calculated."""

    _inherit = "aftersales.wording"

    @api.model
    def _why_line(self, step, text, verdict=None, row=""):
        return {
            "step": step,
            "layer": None,
            "row": row,
            "verdict": verdict,
            "text": text,
        }

    # Agreement

    @api.model
    def _why_agreed(self, charge):
        """By what it is agreed, or what it waits for (R12, R25)."""
        args = charge.reason_args or {}
        said = [
            self._why_quotation(charge, args),
            self._why_consent(args),
            args.get("at_end") == "stop"
            and self.env._(
                "No work should go beyond this allowance: a manager let it pass, or "
                "other work that is rated before it moved it there."
            ),
        ]
        verdict = "waits" if charge.is_waiting else "agreed"
        return [self._why_line("agreed", text, verdict) for text in said if text]

    @api.model
    def _why_quotation(self, charge, args):
        if charge.kind != "quoted":
            return ""
        if "order" in args:
            return self.env._("Billed by the quotation %s.", args["order"])
        return self.env._("Waits until the customer accepts a quotation of the ticket.")

    @api.model
    def _why_consent(self, args):
        if args.get("waits") == "limit":
            return self.env._(
                "Beyond the contract's limit of the month: waits until the customer "
                "accepts it on the ticket."
            )
        if args.get("waits") == "approval":
            return self.env._(
                "Beyond the allowance the customer is asked: waits until he accepts "
                "it on the ticket."
            )
        return {
            "limit": self.env._(
                "Within the contract's limit of the month for what is beyond the "
                "allowance."
            ),
            "accepted": self.env._("Accepted by the customer on the ticket."),
        }.get(args.get("by"), "")

    # Calculation

    @api.model
    def _why_step(self, charge, step):
        """A step of the calculation, with what it gives."""
        row = ""
        if step.code == METRIC:
            installations = self.env["aftersales.installation"].sudo()
            row = installations.browse(step.record_id).display_name
        elif step.code == SHARE:
            row = self.env["aftersales.plan.fee"].sudo().browse(step.record_id).name
        text = getattr(self, f"_calculate_{step.code}")(charge, step)
        return self._why_line("amount", text, step.code, row)

    @api.model
    def _why_amount(self, charge, steps):
        """What it comes to, or what is missing."""
        if charge.kind == "unrated":
            return [self._why_line("amount", self._why_missing(charge), "missing")]
        if charge.kind == "quoted":
            return []
        if not steps and not charge.amount:
            text = self.env._("Free of charge.")
        else:
            text = self.env._("Amount: %s", self._why_money(charge, charge.amount))
        return [self._why_line("amount", text, "amount")]

    @api.model
    def _why_missing(self, charge):
        if not charge.fee_id:
            return self.env._("No amount: it waits for a price and is not billed.")
        installations = charge.contract_id.installation_ids.mapped("display_name")
        names = {
            "basis": self._basis(charge.reason_args or {}),
            "day": format_date(self.env, charge.date_start),
            "names": self._list(installations),
        }
        if not installations:
            return self.env._(
                "No amount: the contract has no installation whose '%(basis)s' could "
                "be counted. Choose its installations, and type the value on one.",
                **names,
            )
        return self.env._(
            "No amount: missing is a value for '%(basis)s' dated %(day)s or before, "
            "on one of: %(names)s.",
            **names,
        )

    @api.model
    def _why_money(self, charge, number):
        return self._money(float(number), charge.currency_id)

    @api.model
    def _calculate_metric(self, charge, step):
        return self.env._(
            "%(count)s since %(day)s",
            count=self._count({**charge.reason_args, "value": step.number}),
            day=format_date(self.env, step.day),
        )

    @api.model
    def _calculate_share(self, charge, step):
        return self.env._(
            "%(amount)s from %(day)s on, of which %(days)s days of the month: "
            "%(result)s",
            amount=self._why_money(charge, step.other),
            day=format_date(self.env, step.day),
            days=step.number,
            result=self._why_money(charge, step.result),
        )

    @api.model
    def _calculate_times(self, charge, step):
        price = self._why_money(charge, step.other)
        if charge.unit in ("hour", "day"):
            count, price = self._duration(abs(charge.minutes)), self._price(charge)
        elif charge.unit == "incident":
            count = self.env._("1 incident")
        else:
            count = self._count({**(charge.reason_args or {}), "value": step.number})
        return self.env._(
            "%(count)s x %(price)s = %(result)s",
            count=count,
            price=price,
            result=self._why_money(charge, step.result),
        )

    @api.model
    def _calculate_percent(self, charge, step):
        return self.env._(
            "%(percent)s %% of %(value)s = %(result)s",
            percent=self._number(step.number),
            value=self._why_money(charge, step.other),
            result=self._why_money(charge, step.result),
        )

    @api.model
    def _calculate_less(self, charge, step):
        return self.env._(
            "less %(discount)s %% = %(result)s",
            discount=self._number(step.number),
            result=self._why_money(charge, step.result),
        )

    @api.model
    def _calculate_increase(self, charge, step):
        return self.env._(
            "price increase of %(percent)s %% = %(result)s",
            percent=self._number(step.number),
            result=self._why_money(charge, step.result),
        )

    @api.model
    def _calculate_factor(self, charge, step):
        names = {factor.id: factor.name for factor in charge.fee_id.factor_ids}
        return self.env._(
            "%(name)s x %(factor)s = %(result)s",
            name=names.get(int(step.other), ""),
            factor=charge.fee_id._format_number(float(step.number)),
            result=self._why_money(charge, step.result),
        )

    @api.model
    def _calculate_member(self, charge, step):
        return self.env._(
            "member price -%(percent)s %% = %(result)s",
            percent=self._number(step.number),
            result=self._why_money(charge, step.result),
        )

    @api.model
    def _calculate_was(self, charge, step):
        return self.env._(
            "less %(amount)s before the change = %(result)s",
            amount=self._why_money(charge, step.number),
            result=self._why_money(charge, step.result),
        )

    @api.model
    def _calculate_charged(self, charge, step):
        return self.env._(
            "less %(amount)s charged already = %(result)s",
            amount=self._why_money(charge, step.number),
            result=self._why_money(charge, step.result),
        )

    @api.model
    def _calculate_minimum(self, charge, step):
        return self.env._("at least %s", self._why_money(charge, step.number))

    @api.model
    def _calculate_days(self, charge, step):
        return self.env._(
            "for %(days)s of %(whole)s days = %(result)s",
            days=step.number,
            whole=step.other,
            result=self._why_money(charge, step.result),
        )

    @api.model
    def _calculate_capped(self, charge, step):
        return self.env._(
            "at most what is left of the month's fees: %s",
            self._why_money(charge, step.result),
        )

    @api.model
    def _calculate_cent(self, charge, step):
        return self.env._(
            "%(cent)s by rounding together with the month's other work = %(result)s",
            cent=f"{step.number:+f}",
            result=self._why_money(charge, step.result),
        )
