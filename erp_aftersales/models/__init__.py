from . import (
    aftersales_charge,
    aftersales_contract_term,
    aftersales_grant,
    contract_contract,
    contract_contract_billing,
    contract_line,
)
