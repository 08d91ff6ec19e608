from . import (
    test_bases_closed,
    test_billing_traps,
    test_cases,
    test_contract,
    test_freezing,
    test_freezing_rated,
    test_invoice_drilldown,
    test_periods_against_oca,
    test_reversal,
    test_ticket,
    test_timesheet,
    test_worktime_against_odoo,
)
