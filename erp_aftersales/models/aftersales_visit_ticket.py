# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from datetime import time

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date, split_every
from odoo.tools.misc import formatLang

from .contract_contract_run import COLLISIONS

_logger = logging.getLogger(__name__)
CHUNK = 100
# A ticket is for its planned day, at an hour at which every calendar is open.
HOUR = time(10)


class AftersalesVisit(models.Model):
    """A visit opens its ticket ahead of time, and follows it (D3)."""

    _inherit = "aftersales.visit"

    # Opening

    def action_open_ticket(self):
        """Open the tickets of these visits now, without waiting for their day."""
        self._check_step("planned")
        self.sudo()._open()  # guarded by the check above
        return self.action_view_ticket()

    def action_view_ticket(self):
        """Open the ticket."""
        return self.ticket_id._get_records_action()

    @api.model
    def _cron_open(self):
        """Plan what comes within a year, and open what is near.

        A visit that cannot be opened stops no other, and says why.
        """
        contracts = self.env["contract.contract"]
        contracts = contracts.search([("aftersales_term_ids", "!=", False)])
        if self._in_chunks(contracts, type(contracts)._aftersales_plan_visits):
            self._in_chunks(self._to_open(), type(self)._open_free)

    @api.model
    def _in_chunks(self, records, work):
        """Do the work chunk by chunk, each committed if scheduled.

        :return: whether all was done; False: the time was up before
        """
        left = len(records)
        for ids in split_every(CHUNK, records.ids):
            work(records.browse(ids))
            left -= len(ids)
            has_time = self.env["contract.contract"]._aftersales_progress(
                len(ids), left
            )
            if left and not has_time:
                return False
        return True

    @api.model
    def _to_open(self):
        """Planned visits of running contracts whose day to open has come."""
        groups = self._read_group([("state", "=", "planned")], ["company_id"])
        due = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date_open", "<=", company._aftersales_today())
            for (company,) in groups
        )
        return self.search(Domain("state", "=", "planned") & due)

    def _open_free(self):
        """Open those that nobody else is opening."""
        self.try_lock_for_update()._open_isolated()

    def _open_isolated(self):
        """Open all together; where that fails on halves, down to who says why."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self._open()
                self.env.flush_all()
        except COLLISIONS:
            raise
        except Exception as error:
            if len(self) == 1:
                self._tell_failure(error)
                return
            half = len(self) // 2
            self[:half]._open_isolated()
            self[half:]._open_isolated()

    def _tell_failure(self, error):
        """One activity for whoever answers for the contract, until it is opened."""
        _logger.warning("%s was not opened: %s", self, error)
        warning = self.env.ref("mail.mail_activity_data_warning")
        if warning in self.activity_ids.activity_type_id:
            return
        contract = self.contract_id
        user = contract.service_manager_id or contract.user_id or self.env.user
        self.activity_schedule(
            "mail.mail_activity_data_warning", note=str(error), user_id=user.id
        )

    def _open(self):
        """Make one ticket for each visit, with its checklist."""
        tickets = self.env["helpdesk.ticket"].create(
            [visit._ticket_vals() for visit in self]
        )
        for visit, ticket in zip(self, tickets, strict=True):
            visit.write({"ticket_id": ticket.id, "state": "opened"})
        lines = self.env["aftersales.ticket.checklist"]
        lines._copy_items(
            [(visit.ticket_id, visit.row_id.checklist_id.item_ids) for visit in self]
        )

    def _ticket_vals(self):
        """The values of the ticket, in the customer's language."""
        self.ensure_one()
        contract = self.contract_id
        visit = self.with_context(lang=contract.partner_id.lang or self.env.lang)
        vals = {
            "name": visit.row_id.name,
            "description": visit._ticket_text(),
            "partner_id": contract.partner_id.id,
            "partner_name": contract.partner_id.name,
            "partner_email": contract.partner_id.email,
            "company_id": contract.company_id.id,
            "contract_id": contract.id,
            "installation_id": self.installation_id.id,
            "service_id": self.service_id.id,
            "service_mode": self.service_mode,
            "channel_id": self.env.ref(
                "erp_aftersales.helpdesk_ticket_channel_planned"
            ).id,
            "aftersales_visit_id": self.id,
            "received_at": self._moment(),
            # never whoever, or whatever, opens it
            "user_id": self.user_id.id,
        }
        team = self.row_id.team_id or contract.team_id
        return vals | ({"team_id": team.id} if team else {})

    def _ticket_text(self):
        text = self.env._(
            "%(service)s, planned for %(day)s.",
            service=self.row_id.name,
            day=format_date(self.env, self.date),
        )
        if self.duration:
            hours = formatLang(self.env, self.duration, digits=1)
            text = f"{text} {self.env._('Expected: %s h.', hours)}"
        return Markup("<p>%s</p>") % text

    def _moment(self):
        """The planned day as a moment in UTC: charges are dated by it (R11)."""
        return self.company_id._aftersales_moment(self.date, HOUR)

    # Following

    def _date_tickets(self):
        """The tickets are for the day that their visits are planned for."""
        for visit in self.filtered(lambda visit: visit.state == "opened"):
            if visit.ticket_id.aftersales_visit_id == visit:
                visit.ticket_id.received_at = visit._moment()

    def _follow_tickets(self):
        """A closed ticket makes its visit done, or cancelled if it is not charged."""
        for visit in self.filtered("ticket_id"):
            stage = visit.ticket_id.stage_id
            state = "opened"
            if stage.closed:
                state = "cancelled" if stage.aftersales_not_charged else "done"
            if state != visit.state:
                today = visit.company_id._aftersales_today()
                visit.write({"state": state, "date_done": state == "done" and today})
