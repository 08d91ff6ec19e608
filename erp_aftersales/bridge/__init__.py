# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    aftersales_billing,
    aftersales_billing_lines,
    aftersales_invoice_preview,
    aftersales_loader,
    aftersales_loader_terms,
    aftersales_loader_tickets,
    aftersales_offer,
    aftersales_preview,
    aftersales_preview_correction,
    aftersales_rating,
    aftersales_statement,
    aftersales_statement_rows,
    aftersales_why,
    aftersales_wording,
    aftersales_wording_amount,
    aftersales_wording_fees,
    aftersales_wording_reasons,
    aftersales_wording_why,
    aftersales_writer,
)
