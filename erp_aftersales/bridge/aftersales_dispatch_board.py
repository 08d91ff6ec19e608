# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""All that the dispatch board shows, in one answer (D1)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

URGENT = ("at_risk", "breached")
SHOWN = 100


class AftersalesDispatchBoard(models.AbstractModel):
    """Who is free, who is loaded, what is about to breach."""

    _name = "aftersales.dispatch.board"
    _description = "Dispatch Board"

    @api.model
    def board(self):
        """Return the queue and the people, with what each team member can see.

        :return dict: ``now``, ``more`` (tickets beyond those shown), ``queue``: tickets
            that nobody has or whose promise is at risk, the nearest deadline first;
            ``people``: members of the reader's teams, those who can take work first
        """
        if not self.env.user.has_group("erp_aftersales.group_user"):
            raise AccessError(
                self.env._("The dispatch board is for support: ask for that role.")
            )
        queue = self._queue()
        # What a colleague knows and has to do is shown to who shares the work.
        return {
            "now": self._time(fields.Datetime.now()),
            "more": max(len(queue) - SHOWN, 0),
            "queue": [self._ticket(ticket) for ticket in queue[:SHOWN]],
            "people": self._people(),
        }

    @api.model
    def assign(self, ticket_id, user_id):
        """Give a ticket to a person: a person's choice, which stays."""
        self.env["helpdesk.ticket"].browse(ticket_id).action_aftersales_assign(user_id)
        return self.board()

    @api.model
    def assign_best(self, ticket_id):
        """Give a ticket to who fits best now; the answer says who, or that nobody does.

        It is asked for by a person, and done also where its team assigns by hand.
        """
        ticket = self.env["helpdesk.ticket"].browse(ticket_id)
        ticket.check_access("write")
        dispatch = self.env["aftersales.dispatch"]
        candidates, job = dispatch._ranking(ticket)
        if candidates and candidates[0].fits:
            best = candidates[0]
            args = dispatch._about(ticket.sudo(), job, best, candidates)
            ticket.action_aftersales_assign(best.person.user, args)
        return self.board() | {"fits": bool(candidates and candidates[0].fits)}

    # Queue

    @api.model
    def _queue(self):
        domain = Domain("stage_id.closed", "=", False) & (
            Domain("user_id", "=", False)
            | Domain("response_state", "in", URGENT)
            | Domain("resolution_state", "in", URGENT)
        )
        tickets = self.env["helpdesk.ticket"].search(domain, limit=SHOWN * 5)
        return tickets.sorted(
            lambda ticket: (
                ticket._aftersales_due() or fields.Datetime.to_datetime("9999-01-01"),
                -int(ticket.priority or 0),
                ticket.received_at,
                ticket.id,
            )
        )

    @api.model
    def _ticket(self, ticket):
        due = ticket._aftersales_due()
        states = {ticket.response_state, ticket.resolution_state}
        state = next((s for s in ("breached", "at_risk") if s in states), "")
        return {
            "id": ticket.id,
            "number": ticket.number,
            "name": ticket.name,
            # Names only, of what the reader may not open.
            "customer": ticket.sudo().commercial_partner_id.name or "",
            "service": ticket.sudo().service_id.name or "",
            "priority": int(ticket.priority or 0),
            "user_id": ticket.user_id.id,
            "user": ticket.user_id.name or "",
            "due": self._time(due),
            "overdue": bool(due and due < fields.Datetime.now()),
            "state": state,
            "nobody": ticket.aftersales_dispatch == "nobody" and not ticket.user_id,
            "reason": ticket.aftersales_dispatch_reason or "",
        }

    # People

    @api.model
    def _people(self):
        now = fields.Datetime.now()
        dispatch = self.env["aftersales.dispatch"]
        teams = self._teams()
        users = dispatch._users(teams)
        staff = dispatch._staff(teams, users, now)
        urgent = self._urgent(users)
        dispatch._warm_skills(s for found in staff.skills.values() for s in found)
        people, members = [], {}
        for user in users:
            company = user.company_id
            reached = []
            for team in teams.filtered(lambda team, user=user: user in team.user_ids):
                if (team, company) not in members:
                    of_company = team.with_company(company)
                    members[team, company] = dispatch._members(
                        of_company, company, staff, now
                    )
                reached.append(members[team, company][user.id])
            there = min(reached, key=lambda each: STATES.index(each.state))
            person = dispatch._person(user, company, staff)
            people.append(
                self._card(user, person, there, staff, urgent.get(user.id, 0))
            )
        return sorted(people, key=_place)

    @api.model
    def _teams(self):
        """The reader's own teams; of who sees all tickets, all teams."""
        teams = self.env["helpdesk.ticket.team"].search([("active", "=", True)])
        if not self.env.user.has_group("helpdesk_mgmt.group_helpdesk_user"):
            teams &= self.env.user.helpdesk_team_ids
        # Members and hours of the teams that the reader may see.
        return teams.sudo()

    @api.model
    def _urgent(self, users):
        """Open tickets by user id whose promise is at risk or missed."""
        # How many there are, as the load; which they are is searched as the reader.
        groups = (
            self.env["helpdesk.ticket"]
            .sudo()
            ._read_group(
                [
                    ("user_id", "in", users.ids),
                    ("stage_id.closed", "=", False),
                    "|",
                    ("response_state", "in", URGENT),
                    ("resolution_state", "in", URGENT),
                ],
                ["user_id"],
                ["__count"],
            )
        )
        return {user.id: count for user, count in groups}

    @api.model
    def _card(self, user, person, there, staff, urgent):
        employee = self.env["aftersales.dispatch"]._employee(
            user, user.company_id, staff
        )
        dispatch = self.env["aftersales.dispatch"]
        state = there.state
        if there.is_there and state == "here":
            state = "busy" if person.tickets else "free"
        return {
            "id": user.id,
            "name": user.name,
            "grade": employee.aftersales_grade_id.name or "",
            "state": state,
            "until": dispatch._moment(there.until.isoformat()) if there.until else "",
            "tickets": person.tickets,
            "load": person.load,
            "urgent": urgent,
            "skills": [dispatch._known(skill) for skill in person.skills],
            "languages": [
                dispatch._language_name(code) for code in sorted(person.languages)
            ],
        }

    @api.model
    def _time(self, moment):
        if not moment:
            return ""
        return self.env["aftersales.dispatch"]._moment(f"{moment.isoformat()}+00:00")


STATES = ("here", "duty", "off", "away")
SHOWN_STATES = ("free", "busy", "duty", "off", "away")


def _place(card):
    """Who can take work first, of those the least loaded."""
    return SHOWN_STATES.index(card["state"]), card["load"], card["id"]
