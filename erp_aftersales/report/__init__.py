# The next one inherits its helpers.
from . import aftersales_statement_sheet

# isort: split
from . import (
    aftersales_agreement_sheet,
    aftersales_benchmark_report,
    aftersales_competence,
    aftersales_sla_report,
    report_contract,
    report_invoice_statement,
    report_price_list,
    report_statement,
)
