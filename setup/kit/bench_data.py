"""What the bench bills, rates and saves: the same in every run, made in Odoo."""

from __future__ import annotations

import datetime

DAY = datetime.date(2026, 6, 1)  # of the run: May is due
MAY = datetime.date(2026, 5, 1)
LAST = datetime.date(2026, 12, 31)
ZONE = "Asia/Shanghai"
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}
_OLD_INVOICES = 200
_GROUPS = (
    "base.group_user",
    "helpdesk_mgmt.group_helpdesk_user",
    "hr_timesheet.group_hr_timesheet_approver",
)
_OUR_GROUPS = ("erp_aftersales.group_user",)


def vendor(env, is_ours: bool):
    """The company's zone and, once, somebody of the desk who logs everybody's work.

    :param is_ours: whether our add-on is installed
    :return: the user
    """
    env.company.partner_id.tz = ZONE
    if user := env["res.users"].search([("login", "=", "bench")]):
        return user
    groups = [*_GROUPS, *(_OUR_GROUPS if is_ours else ())]
    return (
        env["res.users"]
        .with_context(**QUIET)
        .create(
            {
                "name": "Bench desk",
                "login": "bench",
                "tz": ZONE,
                "group_ids": [(6, 0, [env.ref(name).id for name in groups])],
            }
        )
    )


def employees(env, grades=()):
    """Ten engineers, their grades in turn."""
    return (
        env["hr.employee"]
        .with_context(**QUIET)
        .create(
            [
                {
                    "name": f"Engineer {n}",
                    "date_version": "2020-01-01",
                    **({"aftersales_grade_id": grades[n % 3].id} if grades else {}),
                }
                for n in range(10)
            ]
        )
    )


def catalogue(env) -> dict:
    """Two services, three grades, and a calendar that closes at six."""
    product = env.ref("erp_aftersales.product_support")
    services = env["aftersales.service"].create(
        [
            {"name": "Bench support", "product_id": product.id},
            {
                "name": "Bench development",
                "product_id": product.id,
                "category": "value_added",
            },
        ]
    )
    grades = env["aftersales.grade"].create(
        [
            {"name": name, "sequence": number}
            for number, name in enumerate(("Junior", "Senior", "Architect"))
        ]
    )
    hours = [
        {
            "name": f"Day {day}",
            "dayofweek": str(day),
            "hour_from": 9,
            "hour_to": 18,
            "day_period": "full_day",
        }
        for day in range(5)
    ]
    calendar = env["resource.calendar"].create(
        {
            "name": "Bench hours",
            "tz": ZONE,
            "attendance_ids": [(5, 0, 0), *((0, 0, vals) for vals in hours)],
        }
    )
    return {"services": services, "grades": grades, "calendar": calendar}


def rich_plan(env, made: dict):
    """Allowance, bands, rounding by visit, prices by grade: all that rating does."""
    support, development = made["services"]
    prices = zip(made["grades"], (400, 800, 1600), strict=True)
    rates = [
        {
            "grade_id": grade.id,
            "band": band,
            "price": price * factor,
            "increment": 15,
            "rounding_scope": "visit" if factor == 1 else "entry",
            "burn_factor": factor,
        }
        for grade, price in prices
        for band, factor in (("any", 1), ("after_hours", 1.5), ("holiday", 2))
    ]
    return _plan(
        env,
        "Bench: everything",
        support,
        band_calendar_id=made["calendar"].id,
        coverage_ids=[
            {"service_id": support.id, "policy": "allowance"},
            {"service_id": development.id, "policy": "billable", "discount": 10},
        ],
        allowance_ids=[{"name": "Hours", "quantity": 10, "period": "month"}],
        rate_ids=rates,
    )


def billing_plan(env, made: dict):
    """A monthly fee in arrears and two priced services: three lines an invoice."""
    support, development = made["services"]
    fee = {
        "name": "Base fee",
        "basis": "fixed",
        "price": 1000,
        "recurring_rule_type": "monthly",
        "recurring_interval": 1,
        "recurring_invoicing_type": "post-paid",
    }
    return _plan(
        env,
        "Bench: fee and work",
        support,
        coverage_ids=[{"policy": "billable"}],
        rate_ids=[
            {"service_id": support.id, "price": 400, "increment": 15},
            {"service_id": development.id, "price": 800, "increment": 15},
        ],
        fee_ids=[fee],
    )


def levels_plan(env, made: dict):
    """Everything included, and a promise for each priority in business hours."""
    levels = [
        {"priority": str(n), "response_hours": 4 - n, "resolution_hours": 40 - 10 * n}
        for n in range(4)
    ]
    return _plan(
        env,
        "Bench: service levels",
        made["services"][0],
        calendar_id=business_calendar(env).id,
        coverage_ids=[{"policy": "included"}],
        sla_ids=levels,
    )


def business_calendar(env):
    """Monday to Friday, 9 to 12 and 13 to 18, with a holiday every month."""
    calendar = env["resource.calendar"].create(
        {
            "name": "Bench: business hours",
            "tz": ZONE,
            "attendance_ids": [
                (5, 0, 0),
                *(
                    (
                        0,
                        0,
                        {
                            "name": f"{day} {start}",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": period,
                        },
                    )
                    for day in range(5)
                    for start, end, period in (
                        (9, 12, "morning"),
                        (13, 18, "afternoon"),
                    )
                ),
            ],
        }
    )
    env["resource.calendar.leaves"].create(
        [
            {
                "name": f"Holiday {month}",
                "calendar_id": calendar.id,
                "company_id": calendar.company_id.id,
                "date_from": datetime.datetime(2026, month, 10, 16),
                "date_to": datetime.datetime(2026, month, 11, 16),
            }
            for month in range(1, 13)
        ]
    )
    return calendar


def fees_plan(env, made: dict, count: int):
    """Monthly fees in arrears, so many."""
    fee = {
        "basis": "fixed",
        "price": 1000,
        "recurring_rule_type": "monthly",
        "recurring_interval": 1,
        "recurring_invoicing_type": "post-paid",
    }
    return _plan(
        env,
        "Bench: fees",
        made["services"][0],
        coverage_ids=[{"policy": "included"}],
        fee_ids=[{"name": f"Fee {number}", **fee} for number in range(count)],
    )


def _plan(env, name, service, **rows):
    lists = {
        field: [(0, 0, row) for row in many]
        for field, many in rows.items()
        if isinstance(many, list)
    }
    plan = env["aftersales.plan"].create(
        {"name": name, "default_service_id": service.id, **rows, **lists}
    )
    plan.action_publish()
    return plan


def contracts(env, plan, count: int):
    """Contracts under a plan from May on, each with a customer of its own."""
    partners = customers(env, plan.name, count)
    return (
        env["contract.contract"]
        .with_context(**QUIET)
        .create(
            [
                {
                    "name": partner.name,
                    "partner_id": partner.id,
                    "aftersales_plan_id": plan.id,
                    "date_start": MAY,
                    "date_end": LAST,
                }
                for partner in partners
            ]
        )
    )


def customers(env, name: str, count: int):
    """Companies, numbered."""
    return (
        env["res.partner"]
        .with_context(**QUIET)
        .create(
            [
                {"name": f"{name} {number}", "is_company": True}
                for number in range(count)
            ]
        )
    )


def tickets(env, of_contracts, each: int = 1):
    """Tickets, so many a contract, contract by contract."""
    return (
        env["helpdesk.ticket"]
        .with_context(**QUIET)
        .create(
            [
                {
                    "name": f"Ticket {number}",
                    "description": "Something does not work.",
                    "partner_id": contract.partner_id.id,
                    "contract_id": contract.id,
                }
                for contract in of_contracts
                for number in range(each)
            ]
        )
    )


def timesheets(engineers, count: int, places: list[dict], started: bool = True):
    """Values of timesheets in May, scattered over places and engineers.

    :param places: what ties a timesheet: ``{"ticket_id": ...}`` or a project
    :param started: whether every other one has a start, some of them in the evening
    """
    ids = engineers.ids
    return [
        {
            **places[n % len(places)],
            "name": f"Work {n}",
            "employee_id": ids[n * 7 % len(ids)],
            "date": MAY + datetime.timedelta(days=n * 13 % 31),
            "unit_amount": (10 + n * 17 % 110) / 60,
            **(_start(n) if started and n % 2 else {}),
        }
        for n in range(count)
    ]


def _start(n: int) -> dict:
    day = MAY + datetime.timedelta(days=n * 13 % 31)
    hour = datetime.time(n * 5 % 12, n * 11 % 60)
    return {"start_datetime": datetime.datetime.combine(day, hour)}


def ledger(env) -> None:
    """Old invoices, every other one paid: nobody bills into an empty ledger.

    On statistics of empty tables PostgreSQL chooses plans that never end.
    """
    if env["account.payment"].search_count([], limit=1):
        return
    partners = customers(env, "Bench: ledger", _OLD_INVOICES)
    line = {"name": "Earlier", "quantity": 1, "price_unit": 100}
    moves = (
        env["account.move"]
        .with_context(**QUIET)
        .create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": MAY,
                    "invoice_line_ids": [(0, 0, line)] * 3,
                }
                for partner in partners
            ]
        )
    )
    moves.action_post()
    paid = moves[: len(moves) // 2]
    wizard = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=paid.ids
    )
    wizard.create({"group_payment": False})._create_payments()
