from . import test_freezing
from . import test_invoice_drilldown
from . import test_reversal
