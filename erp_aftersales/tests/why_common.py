# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from .charging_common import ChargingCommon


class WhyCommon(ChargingCommon):
    """What stands behind "Why?", shortened to what a test looks at."""

    def _charge(self, contract, kind=None, **values):
        charges = contract.charge_ids.sorted("key")
        if kind:
            charges = charges.filtered(lambda charge: charge.kind == kind)
        return charges.filtered_domain([(k, "=", v) for k, v in values.items()])[:1]

    def _why(self, charge, step=None):
        """Verdict and text of each line, of one step or of all."""
        return [
            (line["verdict"], line["text"])
            for line in charge._aftersales_why()
            if step in (None, line["step"])
        ]

    def _verdicts(self, charge, step):
        return [verdict for verdict, _text in self._why(charge, step)]

    def _texts(self, charge, step=None):
        return [text for _verdict, text in self._why(charge, step)]
