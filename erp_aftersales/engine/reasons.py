"""Why a charge costs what it costs, as a code; the bridge makes the sentence (R24).

Every code below may carry ``part`` and ``parts`` (the piece of a split entry) and
``cent`` (what cumulative rounding added, R13). Minutes and money are the charge's own
fields and are not repeated.
"""

INCLUDED = "included"  # the plan includes the service
VENDOR_FAULT = "vendor_fault"  # R4
ALLOWANCE = "allowance"  # left, granted: minutes of the grant after this charge
OVERAGE = "overage"  # the allowance is used up
BILLABLE = "billable"  # the plan charges for the service
NOT_COVERED = "not_covered"  # outside the contract, the standard card's price
UNRATED = "unrated"  # no rate row; no_grade: 1 if the engineer has no grade
PAID = "paid"  # the minutes are part of a visit that is invoiced already (R5)
FEE = "fee"  # basis, value, percent, days, whole_days, minimum
NO_METRIC = "no_metric"  # basis: no installation has a value for it
