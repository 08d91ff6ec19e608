"""Why a charge costs what it costs, as a code; the bridge makes the sentence (R24).

Every code below may carry ``part`` and ``parts`` (the piece of a split entry), ``cent``
(what cumulative rounding added, R13), ``percent`` (of the price below, R2) and ``as``
(the kind that an adjustment would have had, R17); those of fees ``days`` of
``whole_days`` (a part of a period) and ``daily`` (exact, where it was rounded). Minutes
and money are the charge's own fields and are not repeated.
"""

INCLUDED = "included"  # the plan includes the service
VENDOR_FAULT = "vendor_fault"  # R4
ALLOWANCE = "allowance"  # left, granted: minutes of the grant after this charge
OVERAGE = "overage"  # used up; by: accepted; waits: limit, approval; at_end: stop
BILLABLE = "billable"  # the plan charges; by, waits, beyond: an estimate (E3)
NOT_COVERED = "not_covered"  # outside the contract, the card's price; as billable
UNRATED = "unrated"  # no rate row; no_grade: 1 if the engineer has no grade
PART_OF_INCIDENT = "part_of_incident"  # the ticket is charged once (R11)
NO_INCIDENT = "no_incident"  # because: not_charged, duplicate, merged (R11)
INCIDENT = "incident"  # one charge for the ticket; left, granted; waits, beyond (R11)
QUOTED = "quoted"  # order: billed by it; without one it waits (R12)
TAKEN_BACK = "taken_back"  # of: the key of the invoiced charge (R17, R11)
CREDIT = "credit"  # target, percent, fees, capped (R23)
PAID = "paid"  # the minutes are part of a visit that is invoiced already (R5)
FEE = "fee"  # basis, value, percent or tiers, factors, member, minimum, days (R20)
FEE_PAUSED = "fee_paused"  # the contract rests on these days, at no fee (R22)
FEE_AGAIN = "fee_again"  # fee: its invoice is gone, what gave it back is not (R16)
TRUE_UP = "true_up"  # as a fee; before: the value; to, was, charged: whole fees (R21)
FEE_CREDIT = "fee_credit"  # why: plan, end, pause; fee: of a whole period (R22)
NO_METRIC = "no_metric"  # basis: no installation has a value for it
