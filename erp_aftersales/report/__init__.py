from . import (
    aftersales_benchmark_report,
    aftersales_statement_sheet,
    report_invoice_statement,
    report_statement,
)
