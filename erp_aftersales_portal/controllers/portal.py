# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from werkzeug.exceptions import Forbidden

from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class AftersalesPortal(CustomerPortal):
    """What all pages of the customer's side share.

    Customers have no rights on our own models: a page gets to a record only through a
    contract, ticket or invoice that passed ``_document_check_access``, or through
    :meth:`_aftersales_contracts`. From there on it reads in sudo, always with the
    checked record in the domain.
    """

    def _aftersales_customer(self):
        """The company that the visitor belongs to."""
        return request.env.user.partner_id.commercial_partner_id

    def _aftersales_may(self, role):
        """Whether the visitor may: ``money``, ``tickets``, ``accept`` or ``admin``."""
        return request.env.user.partner_id._aftersales_may(role)

    def _aftersales_require(self, role):
        """Answer 403 to a visitor who may not.

        :raises Forbidden: without the role
        """
        if not self._aftersales_may(role):
            raise Forbidden()

    def _aftersales_contracts(self):
        """The customer's contracts under a plan, in sudo: found by his own rights."""
        contracts = request.env["contract.contract"].search(
            [
                ("commercial_partner_id", "=", self._aftersales_customer().id),
                ("contract_type", "=", "sale"),
            ],
            order="date_start desc, id desc",
        )
        # His own rules found them; what stands behind them is read for him.
        return contracts.sudo().filtered("aftersales_plan_id")

    def _aftersales_contract(self, contract_id, access_token=None):
        """A contract of the visitor, in sudo.

        :raises AccessError: of somebody else, without its token
        :raises MissingError: there is none
        """
        return self._document_check_access(
            "contract.contract", contract_id, access_token
        )
