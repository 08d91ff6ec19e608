# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from .helpdesk_ticket_rating import MISSED

# What may change the facts of the clock.
WATCHED = {
    *("contract_id", "partner_id", "company_id", "priority", "category_id"),
    *("received_at", "responded_at", "resolved_at", "stage_id", "team_id", "user_id"),
    *("active", "duplicate_id", "aftersales_merged_into_id", "aftersales_visit_id"),
}
# Typed by code that knows them better, as an import does; moments are facts.
STATES = {
    *("response_state", "response_deadline"),
    *("resolution_state", "resolution_deadline"),
}
CHUNK = 10_000


class HelpdeskTicket(models.Model):
    """A ticket's clock: marks of what it was, deadlines and states (L1 to L7)."""

    _inherit = "helpdesk.ticket"

    aftersales_mark_ids = fields.One2many(
        "aftersales.clock.mark",
        "ticket_id",
        string="Marks of the clock",
        readonly=True,
        groups="erp_aftersales.group_user",
    )
    aftersales_turns_at = fields.Datetime(
        string="Clock turns at",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="When one of the states changes next, by itself.",
    )
    aftersales_response_minutes = fields.Integer(
        string="Minutes to answer", readonly=True, copy=False, groups="base.group_user"
    )
    aftersales_resolution_minutes = fields.Integer(
        string="Minutes to solve", readonly=True, copy=False, groups="base.group_user"
    )
    aftersales_clock_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Clock runs in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The calendar whose working time counts. Empty: every minute does.",
    )

    # Facts

    def _aftersales_clock_state(self):
        """What the ticket is to its clock: running, paused or closed (L4)."""
        self.ensure_one()
        is_another = self.duplicate_id or self.aftersales_merged_into_id
        if self.stage_id.closed or is_another or not self.active:
            return "closed"
        return "paused" if self.stage_id.aftersales_pauses else "running"

    def _aftersales_has_promise(self):
        """A planned service has its day, and was no request: it has no targets (D3)."""
        self.ensure_one()
        return not self.aftersales_visit_id

    def _aftersales_clock_facts(self):
        """What decides the clock, by ticket id."""
        # All facts count, also contracts that the writer may not see.
        return {
            ticket.id: (
                ticket.contract_id.id,
                ticket.priority,
                ticket.received_at,
                ticket.responded_at,
                ticket.resolved_at,
                ticket._aftersales_clock_state(),
                ticket._aftersales_has_promise(),
            )
            for ticket in self.sudo()
        }

    @api.model_create_multi
    def create(self, vals_list):
        """A ticket's clock starts with it, unless who makes it knows its states."""
        known = [bool(STATES & vals.keys()) for vals in vals_list]
        closed = [v.get("resolved_at") or v.get("closed_date") for v in vals_list]
        tickets = super().create(vals_list)
        pairs = zip(tickets, known, closed, strict=True)
        ticking = self.browse(
            ticket.id for ticket, is_known, _at in pairs if not is_known
        )
        moments = dict(zip(tickets.ids, closed, strict=True))
        ticking._aftersales_mark(moments)
        ticking._aftersales_bring_up_to_date()
        return tickets

    def write(self, vals):
        """Whatever changes the facts of the clock, it follows at once."""
        if not vals.keys() & WATCHED:
            return super().write(vals)
        before = self._aftersales_clock_facts()
        result = super().write(vals)
        after = self._aftersales_clock_facts()
        changed = self.filtered(lambda ticket: before[ticket.id] != after[ticket.id])
        if changed:
            changed._aftersales_mark(
                dict.fromkeys(changed.ids, vals.get("resolved_at"))
            )
            changed._aftersales_bring_up_to_date()
        return result

    def _aftersales_mark(self, moments):
        """Mark what these tickets are now, where it is not what they were.

        :param dict moments: when, by ticket id; none: now
        """
        # Marks are written here only, by whoever may change the ticket.
        marks = self.env["aftersales.clock.mark"].sudo()
        latest = self._aftersales_latest_marks()
        vals_list = []
        for ticket in self.sudo():
            state, stage = ticket._aftersales_clock_state(), ticket.stage_id
            mark = latest.get(ticket.id, marks)
            at = moments.get(ticket.id) or fields.Datetime.now()
            if state != (mark.state or "running"):
                vals_list.append(
                    {
                        "ticket_id": ticket.id,
                        "at": at,
                        "state": state,
                        "stage_id": stage.id,
                        "user_id": self.env.uid,
                    }
                )
            elif state == "closed" and moments.get(ticket.id):
                mark.at = at  # a manager corrects when it was solved
        marks.create(vals_list)

    def _aftersales_latest_marks(self):
        """The last mark by ticket id."""
        marks = self.env["aftersales.clock.mark"].sudo()  # shown by state only
        found = marks.search([("ticket_id", "in", self.ids)], order="at, id")
        return {mark.ticket_id.id: mark for mark in found}

    # What the clock shows

    def _aftersales_bring_up_to_date(self):
        """Write what the clocks of these tickets show now, where it differs (L7).

        :return: the tickets that changed
        """
        if not self:
            return self
        now = fields.Datetime.now()
        # The clock shows what is promised, whoever looks or writes.
        tickets = self.sudo()
        wanted = self.env["aftersales.clock"].sudo()._fields_of_tickets(tickets, now)
        changed = self.browse(
            ticket.id
            for ticket, values in wanted.items()
            if any(
                ticket._fields[name].convert_to_write(ticket[name], ticket) != value
                for name, value in values.items()
            )
        ).sudo()
        missing = changed.filtered(
            lambda ticket: (
                ticket._aftersales_is_missed()
                or wanted[ticket]["response_state"] in MISSED
                or wanted[ticket]["resolution_state"] in MISSED
            )
        )
        before = missing._aftersales_facts()
        changed._aftersales_note({ticket: wanted[ticket] for ticket in changed})
        missing._aftersales_rate_changed(before)
        changed._aftersales_raise(now)
        return changed.sudo(False)

    def _aftersales_is_missed(self):
        return self.response_state in MISSED or self.resolution_state in MISSED

    # By itself

    @api.model
    def _aftersales_ticking_domain(self):
        """Tickets whose clock is not closed."""
        return Domain("stage_id.closed", "=", False)

    def _aftersales_watch(self):
        """Bring the states of open tickets up to date and raise activities (L5).

        Without tickets all whose states change by now, as the calendar or the minutes
        decide. Scheduled every minute.
        """
        tickets = self
        if not self:
            now = fields.Datetime.now()
            due = Domain("aftersales_turns_at", "<=", now)
            tickets = self.search(due & self._aftersales_ticking_domain(), order="id")
        for chunk in split_every(CHUNK, tickets.ids, self.browse):
            chunk._aftersales_bring_up_to_date()
        return True

    @api.model
    def _aftersales_follow_contracts(self, contracts):
        """Bring the open tickets of contracts up to date: other terms are in force."""
        if contracts:
            # What is promised changes for all tickets, whoever may see them.
            domain = Domain("contract_id", "in", contracts.ids)
            tickets = self.sudo().search(domain & self._aftersales_ticking_domain())
            tickets._aftersales_bring_up_to_date()

    @api.model
    def _aftersales_clock_turns(self, domain):
        """Have the next watch look at open tickets whose promises change.

        :param domain: which of them
        """
        # What is promised changes for all tickets, whoever may see them.
        tickets = self.sudo().search(Domain(domain) & self._aftersales_ticking_domain())
        now = fields.Datetime.now()
        tickets._aftersales_note({t: {"aftersales_turns_at": now} for t in tickets})
