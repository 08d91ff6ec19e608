# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    aftersales_billing,
    aftersales_loader,
    aftersales_preview,
    aftersales_rating,
    aftersales_wording,
    aftersales_wording_reasons,
    aftersales_writer,
)
