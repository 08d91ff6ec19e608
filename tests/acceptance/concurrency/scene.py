# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Customers, contracts and work to quarrel about, and the laws that must hold after.

The functions run inside a worker, in a transaction of their own.
"""

from collections import Counter, defaultdict

from dateutil.relativedelta import relativedelta

PRICES = {"remote": 60, "onsite": 90}  # an hour
FEE = 100  # a month
MINUTES_INCLUDED = 60
CENT = 0.011


def clear(env):
    """Take what other tests left out of the way of runs over all contracts."""
    env["contract.contract"].search([]).active = False
    # The scheduler gives up a job that was killed again and again.
    env["ir.cron.progress"].search([]).unlink()


def plan(env, *, fee=False, allowance=False):
    """The id of a published plan: by the hour, with a monthly fee or one hour free."""
    service = env["aftersales.service"].create(
        {
            "name": "Support",
            "product_id": env.ref("erp_aftersales.product_support").id,
        }
    )
    fees = [{"name": "Base", "basis": "fixed", "price": FEE}] if fee else []
    hours = {"name": "An hour", "quantity": MINUTES_INCLUDED / 60, "period": "term"}
    record = env["aftersales.plan"].create(
        {
            "name": "Concurrency",
            "default_service_id": service.id,
            "coverage_ids": _rows(
                [{"policy": "allowance" if allowance else "billable"}]
            ),
            "allowance_ids": _rows([hours] if allowance else []),
            "rate_ids": _rows({"mode": m, "price": p} for m, p in PRICES.items()),
            "fee_ids": _rows(fees),
        }
    )
    record.action_publish()
    return record.id


def _rows(rows):
    return [(0, 0, dict(row)) for row in rows]


def contracts(env, *, count=1, work=(60,), **options):
    """Contracts from last month's first day, with work on a ticket each.

    :return: by contract: its id, its ticket and its timesheets
    """
    # Corrections are a manager's.
    env.user.group_ids += env.ref("erp_aftersales.group_manager")
    env["product.product"].search([("taxes_id", "!=", False)]).taxes_id = False
    plan_id = plan(env, **options)
    employee = env["hr.employee"].create({"name": "Engineer"})
    start = first_day(env)
    made = []
    for number in range(count):
        customer = env["res.partner"].create({"name": f"Customer {number}"})
        contract = env["contract.contract"].create(
            {
                "name": f"Contract {number}",
                "partner_id": customer.id,
                "aftersales_plan_id": plan_id,
                "date_start": start,
            }
        )
        ticket = env["helpdesk.ticket"].create(
            {
                "name": "Ticket",
                "description": "Something does not work.",
                "partner_id": customer.id,
                "contract_id": contract.id,
            }
        )
        lines = env["account.analytic.line"].create(
            [work_values(ticket.id, employee.id, start, minutes) for minutes in work]
        )
        made.append(
            {
                "id": contract.id,
                "ticket": ticket.id,
                "employee": employee.id,
                "work": lines.ids,
                "day": str(start),
            }
        )
    return made


def first_day(env):
    """The first day of the month that a run bills today."""
    return env.company._aftersales_today().replace(day=1) + relativedelta(months=-1)


def work_values(ticket, employee, day, minutes):
    return {
        "name": "Work",
        "ticket_id": ticket,
        "employee_id": employee,
        "date": str(day),
        "unit_amount": minutes / 60,
    }


def invoice(env, *, ids):
    env["contract.contract"].browse(ids).action_aftersales_invoice()


def rate(env, *, ids):
    env["contract.contract"].browse(ids).action_aftersales_rate()


def billing_job(env):
    return env.ref("contract.contract_cron_for_invoice").id


def progress(env):
    """What the scheduler was told last of the billing job."""
    domain = [("cron_id", "=", billing_job(env))]
    last = env["ir.cron.progress"].search(domain, order="id desc", limit=1)
    return [last.done, last.remaining]


def books(env, *, ids):
    """What stands in the books of contracts: charges, invoices, work, broken laws."""
    contracts = env["contract.contract"].browse(ids)
    charges = env["aftersales.charge"].search([("contract_id", "in", ids)], order="id")
    lines = env["account.move.line"].search(
        [
            ("contract_line_id.contract_id", "in", ids),
            ("display_type", "=", "product"),
        ]
    )
    work = env["account.analytic.line"].search([("ticket_id.contract_id", "in", ids)])
    return {
        "invoices": len(lines.move_id),
        "billed": sum(lines.mapped("price_subtotal")),
        "invoiced": [c.id for c in contracts if c._get_related_invoices()],
        "charges": sorted([c.kind, c.state, c.minutes, c.amount] for c in charges),
        "corrections": sorted(work.mapped("aftersales_revision")),
        "worked": sorted(round(line.unit_amount * 60) for line in work),
        "errors": [
            c.invoice_generation_error for c in contracts if c.invoice_generation_error
        ],
        "broken": sorted(
            {
                *_charged_twice(charges),
                *_not_as_invoiced(lines),
                *_not_as_worked(work),
                *_not_as_priced(charges),
                *_overspent(contracts.grant_ids),
            }
        ),
    }


def _charged_twice(charges):
    """R15: a piece of work and a fee period are one charge each."""
    keys = Counter((charge.contract_id.id, charge.key) for charge in charges)
    return ["charged twice" for count in keys.values() if count > 1]


def _not_as_invoiced(lines):
    """R13: an invoice line is the sum of its charges, and carries some."""
    return [
        "invoiced otherwise than charged"
        for line in lines
        if not line.aftersales_charge_ids
        or line.currency_id.compare_amounts(
            line.price_subtotal, sum(line.aftersales_charge_ids.mapped("amount"))
        )
    ]


def _not_as_worked(work):
    """R19: charges say the minutes, and the mode, that the timesheets say."""
    charged = defaultdict(int)
    for charge in work.charge_ids:
        charged[charge.timesheet_id] += charge.minutes_worked
    wrong_minutes = (
        line for line in work if charged[line] != round(line.unit_amount * 60)
    )
    wrong_mode = (
        line
        for line in work
        if line.service_mode not in line.charge_ids.mapped("service_mode")
    )
    return ["charged otherwise than worked" for _ in (*wrong_minutes, *wrong_mode)]


def _not_as_priced(charges):
    """R13: an amount is its quantity at its price, but for a cent."""
    return [
        "priced otherwise than charged"
        for charge in charges.filtered("timesheet_id")
        if charge.kind in ("billable", "overage")
        and abs(charge.amount - charge.quantity * charge.price_unit) > CENT
    ]


def _overspent(grants):
    """R7: an allowance gives what was granted, not more."""
    return [
        "allowance overspent"
        for grant in grants
        if sum(grant.charge_ids.mapped("minutes_taken")) > grant.minutes
    ]


def drop_index(env):
    env.cr.execute("DROP INDEX aftersales_charge_key_uniq")


def restore_index(env):
    """Have the unique index again, beside what was written without it."""
    env.cr.execute(
        "UPDATE aftersales_charge SET key = key || '#' || id"
        " WHERE (contract_id, key) IN (SELECT contract_id, key FROM aftersales_charge"
        " GROUP BY contract_id, key HAVING count(*) > 1)"
    )
    env.cr.execute(
        "CREATE UNIQUE INDEX aftersales_charge_key_uniq"
        " ON aftersales_charge (contract_id, key)"
    )
