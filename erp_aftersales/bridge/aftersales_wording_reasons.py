# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One sentence for each reason code of the engine (R24)."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import format_date


class AftersalesWordingReasons(models.AbstractModel):
    """What is said of included, paid, waiting and taken back work."""

    _inherit = "aftersales.wording"

    # One method a reason code (engine/reasons.py)

    @api.model
    def _say_included(self, charge, args):
        return self.env._(
            "%(what)s: %(time)s, included in the plan",
            what=self._what(charge),
            time=self._time(charge),
        )

    @api.model
    def _say_vendor_fault(self, charge, args):
        return self.env._(
            "%(what)s: %(time)s, free of charge because the fault was ours",
            what=self._what(charge),
            time=self._time(charge),
        )

    @api.model
    def _say_allowance(self, charge, args):
        return self.env._(
            "%(what)s: %(time)s, covered by '%(grant)s':"
            " %(left)s of %(granted)s h left",
            what=self._what(charge),
            time=self._time(charge),
            grant=charge.grant_id.display_name,
            left=self._number(Decimal(args.get("left", "0")) / 60),
            granted=self._number(Decimal(args.get("granted", 0)) / 60),
        )

    @api.model
    def _say_overage(self, charge, args):
        text = self.env._(
            "%(what)s: %(time)s x %(price)s, beyond the included hours",
            what=self._what(charge),
            time=self._time(charge),
            price=self._price(charge),
        )
        return text + self._consent(args)

    @api.model
    def _consent(self, args):
        """R25: who agreed to what is beyond the allowance, or what it waits for."""
        if args.get("by") == "accepted":
            return self.env._(", accepted by the customer")
        if args.get("waits") == "limit":
            return self.env._(", beyond the month's limit: waits for acceptance")
        if args.get("waits") == "approval":
            return self.env._(", waits for acceptance")
        return ""

    @api.model
    def _say_part_of_incident(self, charge, args):
        return self.env._(
            "%(what)s: %(time)s, part of the incident",
            what=self._what(charge),
            time=self._time(charge),
        )

    @api.model
    def _say_no_incident(self, charge, args):
        because = {
            "not_charged": self.env._("the ticket was cancelled or rejected"),
            "duplicate": self.env._("the ticket is a duplicate"),
            "merged": self.env._("the ticket was merged into another one"),
        }
        return self.env._(
            "%(what)s: %(time)s, free of charge because %(because)s",
            what=self._what(charge),
            time=self._time(charge),
            because=because.get(args.get("because"), args.get("because")),
        )

    @api.model
    def _say_incident(self, charge, args):
        names = {
            "what": self._what(charge),
            "grant": charge.grant_id.display_name,
            "price": self._money(charge.price_unit, charge.currency_id),
        }
        if "left" in args:
            return self.env._(
                "%(what)s: 1 incident, covered by '%(grant)s':"
                " %(left)s of %(granted)s incidents left",
                left=self._number(Decimal(args["left"])),
                granted=args["granted"],
                **names,
            )
        text = self.env._("%(what)s: 1 incident x %(price)s", **names)
        if "beyond" in args:
            text += self.env._(", beyond the included incidents")
        return text + self._consent(args)

    @api.model
    def _say_quoted(self, charge, args):
        names = {"what": self._what(charge), "time": self._time(charge)}
        if "order" in args:
            return self.env._(
                "%(what)s: %(time)s, billed by the quotation %(order)s",
                order=args["order"],
                **names,
            )
        return self.env._(
            "%(what)s: %(time)s, waits for an accepted quotation", **names
        )

    @api.model
    def _say_taken_back(self, charge, args):
        if args.get("as") == "incident":
            return self.env._(
                "%(what)s: 1 incident taken back, the ticket is no incident",
                what=self._what(charge),
            )
        text = self.env._(
            "%(what)s: %(time)s taken back, because the work was corrected",
            what=self._what(charge),
            time=self._duration(-charge.minutes),
        )
        if charge.price_unit:
            text = self.env._(
                "%(text)s (%(price)s)", text=text, price=self._price(charge)
            )
        return text

    @api.model
    def _say_credit(self, charge, args):
        targets = {
            "response": self.env._("response"),
            "resolution": self.env._("resolution"),
        }
        text = self.env._(
            "%(ticket)s: promised %(target)s missed on %(day)s, credit of"
            " %(percent)s %% of the month's fees of %(fees)s",
            ticket=charge.ticket_id.display_name,
            target=targets.get(args.get("target"), args.get("target")),
            day=format_date(self.env, charge.date),
            percent=self._number(Decimal(args.get("percent", "0"))),
            fees=self._money(float(args.get("fees", "0")), charge.currency_id),
        )
        if "capped" in args:
            text += self.env._(", at most what is left of these fees")
        return text

    @api.model
    def _say_billable(self, charge, args):
        text = self.env._(
            "%(what)s: %(time)s x %(price)s",
            what=self._what(charge),
            time=self._time(charge),
            price=self._price(charge),
        )
        return text + self._consent(args)

    @api.model
    def _say_not_covered(self, charge, args):
        text = self.env._(
            "%(what)s: %(time)s x %(price)s, not covered by the contract,"
            " priced by the standard card",
            what=self._what(charge),
            time=self._time(charge),
            price=self._price(charge),
        )
        return text + self._consent(args)

    @api.model
    def _say_paid(self, charge, args):
        return self.env._(
            "%(what)s: %(time)s worked, part of a visit that is invoiced already",
            what=self._what(charge),
            time=self._duration(charge.minutes_worked),
        )

    @api.model
    def _say_unrated(self, charge, args):
        is_time = charge.unit in ("hour", "day")
        text = self.env._(
            "%(what)s: %(time)s wait for a price: no row of the plan or of the standard"
            " card matches",
            what=self._what(charge),
            time=self._time(charge) if is_time else self.env._("1 incident"),
        )
        if args.get("no_grade"):
            text += self.env._(", and the engineer has no grade on that day")
        return text
