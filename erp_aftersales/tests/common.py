# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase

ZONE = ZoneInfo("Asia/Shanghai")
ROW_MODELS = {
    "coverage": "coverage_ids",
    "allowances": "allowance_ids",
    "rates": "rate_ids",
    "fees": "fee_ids",
    "sla": "sla_ids",
    "upgrades": "upgrade_ids",
}


class AftersalesCommon(TransactionCase):
    """A vendor in Shanghai with services, grades, engineers and one customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                tracking_disable=True,
                mail_create_nolog=True,
                mail_notrack=True,
                no_reset_password=True,
            )
        )
        cls.company = cls.env.company
        cls.company.partner_id.tz = ZONE.key
        cls.service_support = cls._service("Support")
        cls.service_dev = cls._service("Development", category="value_added")
        cls.grade_junior = cls._grade("Junior", sequence=1)
        cls.grade_senior = cls._grade("Senior", sequence=2)
        cls.grade_architect = cls._grade("Architect", sequence=3)
        cls.junior = cls._employee("Jun", cls.grade_junior)
        cls.senior = cls._employee("Sen", cls.grade_senior)
        cls.architect = cls._employee("Arc", cls.grade_architect)
        cls.customer = cls._customer("Customer")

    @classmethod
    def _service(cls, name, **vals):
        vals.setdefault("product_id", cls.env.ref("erp_aftersales.product_support").id)
        return cls.env["aftersales.service"].create({"name": name, **vals})

    @classmethod
    def _grade(cls, name, **vals):
        return cls.env["aftersales.grade"].create({"name": name, **vals})

    @classmethod
    def _plan(
        cls,
        name,
        coverage=(),
        allowances=(),
        rates=(),
        fees=(),
        sla=(),
        upgrades=(),
        publish=True,
        **vals,
    ):
        """Make a plan from dictionaries of its rows, published by default."""
        rows = {
            "coverage": coverage,
            "allowances": allowances,
            "rates": rates,
            "fees": fees,
            "sla": sla,
            "upgrades": upgrades,
        }
        for key, field in ROW_MODELS.items():
            vals[field] = [Command.create(dict(row)) for row in rows[key]]
        plan = cls.env["aftersales.plan"].create({"name": name, **vals})
        if publish:
            plan.action_publish()
        return plan

    @classmethod
    def _card(cls, **vals):
        """Make a row of the standard card."""
        return cls.env["aftersales.plan.rate"].create(vals)

    @classmethod
    def _calendar(cls, **vals):
        """Make a calendar: Monday to Friday 9-18, 1 to 7 October 2026 closed."""
        calendar = cls.env["resource.calendar"].create(
            {
                "name": "Mon-Fri 9-18",
                "tz": ZONE.key,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": f"Day {day}",
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 18,
                            "day_period": "full_day",
                        }
                    )
                    for day in range(5)
                ],
                **vals,
            }
        )
        cls.env["resource.calendar.leaves"].create(
            {
                "name": "National Day",
                "calendar_id": calendar.id,
                "company_id": calendar.company_id.id,
                "date_from": cls._utc("2026-10-01", "00:00"),
                "date_to": cls._utc("2026-10-08", "00:00") - timedelta(seconds=1),
            }
        )
        return calendar

    @classmethod
    def _customer(cls, name, **vals):
        return cls.env["res.partner"].create({"name": name, "is_company": True, **vals})

    @classmethod
    def _installation(cls, partner, name="Main system", metrics=(), **vals):
        """Make an installation; metrics are tuples (metric, date, value)."""
        vals["metric_ids"] = [
            Command.create({"metric": metric, "date": date, "value": value})
            for metric, date, value in metrics
        ]
        return cls.env["aftersales.installation"].create(
            {"name": name, "partner_id": partner.id, **vals}
        )

    @classmethod
    def _contract(cls, partner, plan, date_start, date_end=None, **vals):
        return cls.env["contract.contract"].create(
            {
                "name": f"{partner.name}: {plan.name}",
                "partner_id": partner.id,
                "aftersales_plan_id": plan.id,
                "date_start": date_start,
                "date_end": date_end or False,
                **vals,
            }
        )

    @classmethod
    def _ticket(cls, partner, contract=None, **vals):
        if contract:
            vals.setdefault("contract_id", contract.id)
        return cls.env["helpdesk.ticket"].create(
            {
                "name": f"Ticket of {partner.name}",
                "description": "Something does not work.",
                "partner_id": partner.id,
                **vals,
            }
        )

    @classmethod
    def _employee(cls, name, grade=None, **vals):
        vals.setdefault("date_version", "2020-01-01")
        return cls.env["hr.employee"].create(
            {"name": name, "aftersales_grade_id": grade and grade.id, **vals}
        )

    @classmethod
    def _work(cls, ticket, employee, day, minutes, start=None, **vals):
        """Log work on a ticket.

        :param day: work date, "YYYY-MM-DD"
        :param start: local time in Shanghai, "HH:MM"; None for work without a start
        """
        if start:
            vals["start_datetime"] = cls._utc(day, start)
        return cls.env["account.analytic.line"].create(
            {
                "name": "Work",
                "ticket_id": ticket.id,
                "employee_id": employee.id,
                "date": day,
                "unit_amount": minutes / 60,
                **vals,
            }
        )

    @classmethod
    def _utc(cls, day, start):
        """Return the naive UTC moment of a local day and time in Shanghai."""
        local = datetime.combine(
            fields.Date.to_date(day), time.fromisoformat(start), ZONE
        )
        return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
