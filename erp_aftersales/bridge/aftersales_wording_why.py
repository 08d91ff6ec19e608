# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What stands behind "Why?": rows, and what became of each, in words (R24)."""

from odoo import api, models
from odoo.tools import format_date

from ..engine import why
from ..engine.corrections import BACK

# What a row names and the charge has, by what is said of a difference.
NAMED = {
    "other_service": ("service_id", "service_id"),
    "other_grade": ("grade_id", "grade_id"),
    "other_mode": ("mode", "service_mode"),
    "other_band": ("band", "band"),
    "other_unit": ("unit", "unit"),
}


class AftersalesWordingWhy(models.AbstractModel):
    """Says why a row did not apply, or what it decided."""

    _inherit = "aftersales.wording"

    # Rows

    @api.model
    def _why_row(self, record):
        """What a row or a grant says, with the days on which it says so."""
        if not record:
            return ""
        if record._name != "aftersales.grant":
            return record._with_days(record._describe())
        services = self._list(record.service_ids.mapped("name"))
        return self.env._(
            "%(grant)s: %(quantity)s for %(services)s",
            grant=record.display_name,
            quantity=record._quantity_text(record.quantity),
            services=services or self.env._("all services"),
        )

    # Verdicts

    @api.model
    def _why_verdict(self, charge, tried, row, by):
        """Why a row did not apply, or that it did, in one sentence.

        :param tried: the engine's verdict
        :param row: the record that was tried; none if no row applied
        :param by: the record that was taken instead, if one was
        """
        if tried.verdict == why.NOTHING:
            return getattr(self, f"_why_no_{tried.step}")(charge)
        if tried.verdict == why.APPLIED:
            return getattr(self, f"_why_{tried.step}_applied")(charge, row)
        if tried.verdict == why.OTHER_DAYS:
            day = format_date(self.env, charge.date)
            return self.env._("Not in force on %s.", day)
        if tried.verdict in why.OTHER.values():
            return self._why_other(charge, tried.verdict, row)
        if by:
            return self._why_instead(tried.verdict, by.display_name)
        return self._why_known(tried.verdict)

    @api.model
    def _why_instead(self, verdict, name):
        return {
            why.LESS_SPECIFIC: self.env._(
                "Fits, but '%s' says more, or stands before it.", name
            ),
            why.LAYER_ABOVE: self.env._("Fits, but a layer above decides: '%s'.", name),
            why.NOT_NEEDED: self.env._("Not needed: '%s' pays.", name),
        }[verdict]

    @api.model
    def _why_known(self, verdict):
        return {
            why.BASE: self.env._("The price that the percentage is taken of."),
            why.NO_BASE: self.env._(
                "A percentage, but no price fits that it could be taken of."
            ),
            why.CARD_ONLY: self.env._(
                "Not looked at: what the contract does not cover is priced by the "
                "standard card alone."
            ),
            why.OVERRULED: self.env._(
                "Fits, but the fault was ours: free of charge, whatever the row says."
            ),
            why.NEWER: self.env._(
                "Would decide today, but was added or changed after this was priced."
            ),
            why.EMPTY: self.env._("Used up."),
            why.EMPTY_THEN: self.env._(
                "Used up, or not given yet, when this was priced."
            ),
            why.NOT_NEEDED: self.env._("Not needed: there was nothing left to pay."),
        }[verdict]

    @api.model
    def _why_other(self, charge, verdict, row):
        """What the row is for, and what the charge is."""
        if verdict == "other_category":
            theirs = row._label("service_category")
            ours = self._label(charge.service_id, "category")
        elif verdict == "other_region":
            theirs = row.region_id.name
            ours = charge.ticket_id.installation_id.region_id.name
        elif row._name == "aftersales.grant":
            return self._why_other_grant(verdict)
        else:
            of_row, of_charge = NAMED[verdict]
            theirs = self._why_value(row, of_row)
            ours = self._why_value(charge, of_charge)
        return self.env._(
            "For %(theirs)s, but this is %(ours)s.",
            theirs=theirs,
            ours=ours or self._why_none(verdict),
        )

    @api.model
    def _why_other_grant(self, verdict):
        if verdict == "other_unit":
            return self.env._("Counts something else.")
        return self.env._("For other services.")

    @api.model
    def _why_none(self, verdict):
        return {
            "other_service": self.env._("work without a service"),
            "other_category": self.env._("work without a service"),
            "other_grade": self.env._("work without a grade"),
            "other_region": self.env._("an installation without a region"),
        }.get(verdict, self.env._("none"))

    @api.model
    def _why_value(self, record, name):
        value = record[name]
        if isinstance(value, models.BaseModel):
            return value.name
        return self._label(record, name)

    # What decided

    @api.model
    def _why_coverage_applied(self, charge, row):
        return self.env._("Decides.")

    @api.model
    def _why_grant_applied(self, charge, row):
        args = charge.reason_args or {}
        if "left" not in args:
            return self.env._("Pays.")
        return self.env._(
            "Pays; %(left)s of %(granted)s are left after it.",
            left=self._why_size(row, args["left"]),
            granted=self._why_size(row, args["granted"]),
        )

    @api.model
    def _why_size(self, grant, number):
        size = float(number)
        return grant._quantity_text(size / 60 if grant.unit == "hour" else size)

    @api.model
    def _why_rate_applied(self, charge, row):
        if not charge.price_unit:
            return self.env._(
                "Gives what is rounded and how much a minute takes; the time is paid "
                "already."
            )
        percent = (charge.reason_args or {}).get("percent")
        is_same = (
            float(percent) == row.percent
            if percent
            else charge.price_unit == row.price and charge.unit == row.unit
        )
        if is_same:
            return self.env._("Gives the price.")
        return self.env._(
            "Gave the price of %s; it was changed after this was priced.",
            self._money(charge.price_unit, charge.currency_id),
        )

    # What no row decided

    @api.model
    def _why_no_coverage(self, charge):
        return self.env._("No row is for this work: the contract does not cover it.")

    @api.model
    def _why_no_grant(self, charge):
        if not (charge.minutes or charge.unit == "incident"):
            return self.env._("Nothing had to be paid.")
        return self.env._("No grant has anything left for this, so it has a price.")

    @api.model
    def _why_no_rate(self, charge):
        if charge.kind != "unrated":
            return self.env._("No price fits, and none was needed.")
        names = [charge.service_id.name, self._label(charge, "service_mode")]
        if charge.unit != "incident":
            names.append(charge.grade_id.name or self._why_none("other_grade"))
        names.append(charge.ticket_id.installation_id.region_id.name)
        names.append(self._label(charge, "band"))
        names.append(self._label(charge, "unit"))
        return self.env._(
            "No price fits. Missing is a row of the contract, of its plan or of the "
            "standard card for: %s.",
            self._list(names),
        )

    # Corrections

    @api.model
    def _why_before(self, charge, before):
        """The charge that an adjustment takes back or takes the place of (R17)."""
        invoice = before.invoice_id.display_name
        is_back = charge.key.endswith(BACK)
        if is_back and invoice:
            text = self.env._("Taken back; it is on %s.", invoice)
        elif is_back:
            text = self.env._("Taken back.")
        elif invoice:
            text = self.env._("Corrected; it is on %s.", invoice)
        else:
            text = self.env._("Corrected.")
        return {
            "step": "before",
            "layer": None,
            "row": before.reason or before._aftersales_label(),
            "verdict": "taken_back" if is_back else "corrected",
            "text": text,
        }
