# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tickets as their clocks see them: read in bulk, asked of the engine (L1 to L7)."""

from datetime import UTC, timedelta

from odoo import api, models

from ..engine.opening import add_open_minutes
from ..engine.sla import Case, Mark, read, stretches
from .aftersales_loader_terms import Level

# What is read of marks, in one query.
MARK = ("ticket_id", "at", "state", "stage_id", "user_id")


def aware(at):
    """A moment as Odoo stores it, naive and in UTC, for the engine."""
    return at and at.replace(tzinfo=UTC)


def naive(at):
    """A moment of the engine as Odoo stores it; False for none."""
    return at.astimezone(UTC).replace(tzinfo=None) if at else False


class AftersalesClock(models.AbstractModel):
    """What the clocks of many tickets show, for a constant number of queries."""

    _name = "aftersales.clock"
    _description = "Clock of Service Levels"

    @api.model
    def _fields_of_tickets(self, tickets, now):
        """What the fields of the clock should say, by ticket (L1 to L7).

        :param now: naive, in UTC
        """
        promises = self._promises(tickets, now)
        cases = self._cases(tickets, promises)
        turns, found = {}, {}
        for ticket, case in cases.items():
            level, calendar_id = promises[ticket]
            clock = read(case, aware(now))
            contract = ticket.contract_id
            if contract not in turns:
                turns[contract] = self._next_terms(contract, now)
            found[ticket] = {
                "response_state": clock.response.state,
                "response_deadline": naive(clock.response.deadline),
                "resolution_state": clock.resolution.state,
                "resolution_deadline": naive(clock.resolution.deadline),
                "resolved_at": naive(clock.resolved_at),
                "aftersales_turns_at": self._turn(clock, turns[contract]),
                "aftersales_response_minutes": level.response,
                "aftersales_resolution_minutes": level.resolution,
                "aftersales_clock_calendar_id": calendar_id,
            }
        return found

    @api.model
    def _turn(self, clock, terms):
        """When a clock has to be looked at again; closed, it keeps its targets (L6)."""
        if clock.resolved_at:
            return naive(clock.turns_at)
        return min((at for at in (naive(clock.turns_at), terms) if at), default=False)

    @api.model
    def _stretches(self, ticket, now):
        """The life of a ticket in order, and the marks that began its parts (L7)."""
        case = self._cases(ticket, self._promises(ticket, now))[ticket]
        marks = ticket.aftersales_mark_ids.sorted(lambda mark: (mark.at, mark.id))
        none = marks.browse()
        return [
            (stretch, none if stretch.mark is None else marks[stretch.mark])
            for stretch in stretches(case, aware(now))
        ]

    @api.model
    def _cases(self, tickets, promises):
        calendar_ids = {calendar_id for _level, calendar_id in promises.values()}
        calendars = self.env["aftersales.loader"]._calendars(
            self.env["resource.calendar"].browse(sorted(calendar_ids - {False}))
        )
        marks = self._marks(tickets)
        return {
            ticket: Case(
                calendar=calendars.get(calendar_id),
                received_at=aware(ticket.received_at or ticket.create_date),
                response=level.response,
                resolution=level.resolution,
                responded_at=aware(ticket.responded_at) or None,
                marks=tuple(
                    Mark(aware(mark.at), mark.state) for mark in marks[ticket.id]
                ),
            )
            for ticket, (level, calendar_id) in promises.items()
        }

    @api.model
    def _marks(self, tickets):
        """Marks in the order of time by ticket id."""
        marks = self.env["aftersales.clock.mark"].search_fetch(
            [("ticket_id", "in", tickets.ids)], MARK, order="at, id"
        )
        found = {ticket_id: [] for ticket_id in tickets.ids}
        for mark in marks:
            found[mark.ticket_id.id].append(mark)
        return found

    # What is promised

    @api.model
    def _promises(self, tickets, now):
        """The service level of each ticket, and the id of the calendar it counts in.

        The plan in force today counts; a closed ticket keeps its targets (L6).
        """
        agreed, found = {}, {}
        for ticket in tickets:
            kept = Level(
                ticket.aftersales_response_minutes,
                ticket.aftersales_resolution_minutes,
            )
            is_kept = ticket.resolved_at and (kept.response or kept.resolution)
            contract, priority = ticket.contract_id, ticket.priority
            if is_kept and ticket._aftersales_clock_state() == "closed":
                found[ticket] = kept, ticket.aftersales_clock_calendar_id.id
            elif contract and ticket._aftersales_has_promise():
                if (contract, priority) not in agreed:
                    agreed[contract, priority] = self._agreed(contract, priority, now)
                found[ticket] = agreed[contract, priority]
            else:
                found[ticket] = Level(), False
        return found

    @api.model
    def _agreed(self, contract, priority, now):
        """What a contract promises today; one that is over, what it did at last."""
        day = contract.company_id._aftersales_day(now)
        if contract.date_end:
            day = min(day, contract.date_end)
        loader = self.env["aftersales.loader"]
        plan = loader._plan_on(contract, day)
        calendar_id = contract.aftersales_calendar_id.id or (
            plan.clock_calendar_id if plan else False
        )
        return loader._level_of(contract, priority, day), calendar_id

    @api.model
    def _next_terms(self, contract, now):
        """When other targets may be in force by the calendar alone; False: never."""
        if not contract:
            return False
        company = contract.company_id
        today = company._aftersales_day(now)
        rows = contract.aftersales_sla_ids
        days = [*contract.aftersales_term_ids.mapped("date_start")]
        days += [row.date_start for row in rows if row.date_start]
        days += [row.date_end + timedelta(days=1) for row in rows if row.date_end]
        day = min((day for day in days if day > today), default=None)
        if day is None:
            return False
        return company._aftersales_moment(day)

    # Whom to tell when

    @api.model
    def _next_open_days(self, teams, now):
        """The company's day of each team's next working minute, by team (L5)."""
        hours = {team: team._aftersales_hours() for team in teams}
        every = self.env["resource.calendar"].union(*hours.values())
        calendars = self.env["aftersales.loader"]._calendars(every)
        return {
            team: self._open_day(team, calendars.get(calendar.id), now)
            for team, calendar in hours.items()
        }

    @api.model
    def _open_day(self, team, calendar, now):
        company = team.company_id or self.env.company
        try:
            at = add_open_minutes(calendar, aware(now), 1) - timedelta(minutes=1)
        except ValueError:  # hours in which nobody ever works
            at = aware(now)
        return company._aftersales_day(naive(at))
