# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a billing run knows: handed through OCA's chain by the context."""

from datetime import date

from ..engine.invoicing import due


class Run:
    """One billing run or its preview.

    Two runs are never equal, or their environments would be one.

    :param date day: the day of the run, which the invoices bear
    :param dict books: by contract id, the open charges with their records by key,
        oldest made first
    """

    def __init__(self, day: date, books: dict[int, dict]):
        self.day = day
        self.books = books
        # What each invoice bills that the last pass has made values for.
        self.drafts = []
        # The last day of fees and usage that the pass bills.
        self.due_day = None
        # Contract lines that are billed, to be moved on together.
        self.advanced = []
        # New invoices by contract id; messages for them that wait to be logged.
        self.related = None
        self.messages = None

    def due(self, contract_id, usage_upto, fees_upto):
        """The charges that fall due, in the order of the invoice (R14)."""
        open_charges = (charge for charge, _record in self._book(contract_id).values())
        return due(open_charges, usage_upto, fees_upto)

    def record(self, contract_id, charge):
        """The record of an open charge."""
        return self._book(contract_id)[charge.key][1]

    def billed(self, contract_id, charges):
        """These charges are on an invoice now."""
        book = self._book(contract_id)
        for charge in charges:
            del book[charge.key]

    def _book(self, contract_id):
        return self.books.get(contract_id, {})
