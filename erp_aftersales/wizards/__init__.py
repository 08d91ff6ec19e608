from . import (
    account_move_reversal,
    aftersales_make_contract,
    contract_manually_create_invoice,
)
