# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.http import request, route

from odoo.addons.sale.controllers import portal


class CustomerPortal(portal.CustomerPortal):
    """Why a customer declines an estimate is told on its ticket (E3)."""

    @route()
    def portal_quote_decline(
        self, order_id, access_token=None, decline_message=None, **kwargs
    ):
        """Keep the customer's words with the order that is cancelled."""
        request.update_context(aftersales_declined_reason=decline_message)
        return super().portal_quote_decline(
            order_id, access_token, decline_message, **kwargs
        )
