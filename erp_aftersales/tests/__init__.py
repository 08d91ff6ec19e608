from . import test_periods_against_oca
from . import test_worktime_against_odoo
