from . import (
    account_move_reversal,
    aftersales_preview_line,
    aftersales_preview_wizard,
    contract_manually_create_invoice,
)
