from . import (
    test_freezing,
    test_invoice_drilldown,
    test_periods_against_oca,
    test_reversal,
    test_worktime_against_odoo,
)
from . import test_freezing_rated
