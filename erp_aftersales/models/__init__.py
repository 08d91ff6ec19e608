# Others inherit the first two; the view of public employees reads the third.
from . import aftersales_charged_mixin, aftersales_plan_row, hr_version

# isort: split
from . import (
    account_analytic_line,
    account_move,
    account_move_line,
    aftersales_charge,
    aftersales_contract_term,
    aftersales_finder,
    aftersales_grade,
    aftersales_grant,
    aftersales_installation,
    aftersales_installation_metric,
    aftersales_plan,
    aftersales_plan_allowance,
    aftersales_plan_coverage,
    aftersales_plan_fee,
    aftersales_plan_rate,
    aftersales_plan_sla,
    aftersales_release,
    aftersales_service,
    contract_contract,
    contract_contract_billing,
    contract_contract_figures,
    contract_line,
    helpdesk_ticket,
    helpdesk_ticket_category,
    helpdesk_ticket_stage,
    hr_employee_public,
    res_company,
    res_partner,
)
