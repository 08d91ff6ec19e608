from . import (
    account_move_reversal,
    aftersales_accept,
    aftersales_correct,
    aftersales_make_contract,
    aftersales_preview_line,
    aftersales_preview_wizard,
    aftersales_sell_plan,
    aftersales_statement_wizard,
    aftersales_why,
    contract_manually_create_invoice,
    helpdesk_ticket_merge,
    sale_make_invoice_advance,
)
