# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_project_id = fields.Many2one(
        "project.project",
        string="After-sales Project",
        domain="[('company_id', '=', id), ('allow_timesheets', '=', True)]",
        help="Takes the timesheets of tickets whose team has no project of its own. "
        "Made by itself with the first ticket.",
    )

    def _aftersales_tz(self) -> str:
        """Name of the zone in which this company's days begin and end (R1)."""
        self.ensure_one()
        # The zone is no secret, and whoever logs work needs it for the work date.
        company = self.sudo()
        return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"

    def _aftersales_day(self, at: datetime) -> date:
        """The company's day of a moment given as Odoo stores it: naive, in UTC."""
        at = fields.Datetime.to_datetime(at)
        zone = ZoneInfo(self._aftersales_tz())
        return at.replace(tzinfo=UTC).astimezone(zone).date()

    def _aftersales_moment(self, day: date, at: time = time()) -> datetime:
        """A time of the company's day, midnight if none, naive and in UTC."""
        local = datetime.combine(day, at, ZoneInfo(self._aftersales_tz()))
        return local.astimezone(UTC).replace(tzinfo=None)

    def _aftersales_today(self) -> date:
        """Today in the company's zone, whoever asks."""
        return self._aftersales_day(fields.Datetime.now())

    def _aftersales_project(self):
        """The project for the timesheets of tickets; made when it is missing.

        Two first tickets at the same moment write the same company row, so one of
        the transactions is repeated and there is only one project.
        """
        self.ensure_one()
        # Support may open a ticket without the right to make projects.
        company = self.sudo().with_company(self)
        if not company.aftersales_project_id.active:
            company.aftersales_project_id = (
                self.env["project.project"]
                .sudo()
                .create(company._prepare_aftersales_project())
            )
        return company.aftersales_project_id

    def _prepare_aftersales_project(self):
        return {
            "name": self.env._("After-sales"),
            "company_id": self.id,
            "allow_timesheets": True,
            "allow_billable": False,
            "privacy_visibility": "employees",
        }
