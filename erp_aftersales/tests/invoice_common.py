# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

ENV = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
    "no_reset_password": True,
}


@tagged("post_install", "-at_install")
class InvoiceCase(TransactionCase):
    """An invoice of two lines, each with charges, made without the rating run.

    Rating is replaced by a recorder: these tests prove what invoices do to
    charges, and that rating is asked for; what rating decides is proved elsewhere.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **ENV))
        cls.customer = cls.env["res.partner"].create({"name": "Lanhai Retail"})
        cls.product = cls.env["product.product"].create(
            {"name": "Remote support", "type": "service", "taxes_id": False}
        )
        cls.contract = cls.env["contract.contract"].create(
            {
                "name": "Retail 2026",
                "partner_id": cls.customer.id,
                "date_start": "2026-09-01",
            }
        )
        cls.currency = cls.contract.currency_id
        cls.keys = iter(range(1, 1000))

    def setUp(self):
        super().setUp()
        self.rated = []
        patcher = patch.object(
            type(self.env["aftersales.rating"]),
            "_rate",
            lambda model, contracts, since=None: self.rated.append(contracts.ids),
        )
        self.startPatcher(patcher)
        self.charges = self._charge(500) | self._charge(750) | self._charge(1200)
        self.invoice = self._bill([self.charges[:2], self.charges[2:]])

    @classmethod
    def _charge(cls, amount, **vals):
        return cls.env["aftersales.charge"].create(
            {
                "contract_id": cls.contract.id,
                "date": "2026-09-03",
                "kind": "billable",
                "minutes_worked": 60,
                "minutes": 60,
                "quantity": 1,
                "unit": "hour",
                "price_unit": amount,
                "amount": amount,
                "currency_id": cls.currency.id,
                "key": f"work-{next(cls.keys)}",
                **vals,
            }
        )

    @classmethod
    def _bill(cls, groups, **vals):
        """Make a draft with one line for each group of charges, and link them."""
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": "2026-10-01",
                "currency_id": cls.currency.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "name": f"Remote support {position}",
                            "quantity": 1,
                            "price_unit": abs(sum(charges.mapped("amount"))),
                            "tax_ids": [Command.clear()],
                            "aftersales_period_start": "2026-09-01",
                            "aftersales_period_end": "2026-09-30",
                        }
                    )
                    for position, charges in enumerate(groups, start=1)
                ],
                **vals,
            }
        )
        for line, charges in zip(move.invoice_line_ids, groups, strict=True):
            charges._aftersales_link(line)
        return move

    def _reverse(self, move, bill_again=False, **vals):
        """Answer the dialogue of "Reverse"; return the draft credit note."""
        wizard = self._reversal(move, aftersales_bill_again=bill_again, **vals)
        wizard.refund_moves()
        return wizard.new_move_ids

    def _replace(self, move):
        """Press "Reverse and Create Invoice"; return the new invoice."""
        wizard = self._reversal(move)
        wizard.modify_moves()
        return wizard.new_move_ids

    def _reversal(self, move, **vals):
        return (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id, "date": "2026-10-02", **vals})
        )

    @contextmanager
    def assertRefused(self, exception, regex):
        """Refused with such a message, and undone: assertRaisesRegex does not."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), regex)

    def assertOn(self, charges, line):
        """All charges are frozen on this line."""
        self.assertEqual(charges.invoice_line_id, line)
        self.assertEqual(charges.mapped("state"), ["invoiced"] * len(charges))

    def assertFree(self, charges):
        """No charge is on any invoice."""
        self.assertFalse(charges.invoice_line_id)
        self.assertEqual(charges.mapped("state"), ["open"] * len(charges))
