# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tickets find their person: the engine decides, here it is written down (D1)."""

from datetime import UTC

from odoo import api, fields, models

from ..engine.dispatch import ASSIGNED, LATER, NOBODY, assign, is_left_behind, rank
from ..engine.shifts import AWAY

ACTIVITY = "erp_aftersales.mail_activity_type_nobody"


class AftersalesDispatch(models.AbstractModel):
    """Assigns, takes over, escalates; however many tickets, the reads are as many."""

    _name = "aftersales.dispatch"
    _description = "After-sales: who takes a ticket"

    @api.model
    def _dispatch(self, tickets):
        """Give each of these tickets, where nobody has it, to who fits best now."""
        # Who opens a ticket may not see the colleagues whom it is given to: superuser.
        dispatches = self.env["helpdesk.ticket.team"]._aftersales_dispatches_for
        waiting = tickets.sudo().filtered(
            lambda ticket: (
                dispatches(ticket.company_id.id) and ticket._aftersales_waits()
            )
        )
        if waiting:
            now = fields.Datetime.now()
            self._apply(waiting, self._choices(waiting, now), now)

    @api.model
    def _choices(self, tickets, now):
        """The engine's choice by ticket id; of teams that assign by hand: none."""
        moment = now.replace(tzinfo=UTC)
        choices = {}
        for desk in self._desks(tickets, now):
            choices |= assign(desk.jobs, desk.teams, desk.people, moment)
        return choices

    @api.model
    def _ranking(self, ticket):
        """All who could take the ticket, best first; teams that assign by hand too.

        :return tuple: the candidates, and the engine's job they are ranked for
        """
        now = fields.Datetime.now()
        (desk,) = self._desks(ticket.sudo(), now, every=True)
        (job,) = desk.jobs
        return rank(job, desk.teams, desk.people), job

    # Write

    @api.model
    def _apply(self, tickets, choices, now):
        """Write the choices: one write for all that go to the same person."""
        given, left = {}, {}
        for ticket in tickets:
            choice = choices.get(ticket.id)
            if choice and choice.outcome == ASSIGNED:
                team = (
                    choice.chosen.team if choice.chosen.team != ticket.team_id.id else 0
                )
                key = choice.chosen.person.user, team
                given[key] = given.get(key, tickets.browse()) | ticket
            elif choice and choice.outcome != ticket.aftersales_dispatch:
                left.setdefault(choice.outcome, tickets.browse())
                left[choice.outcome] |= ticket
        for (user_id, team_id), found in given.items():
            self._give(found, user_id, team_id, self._mark(ASSIGNED, now))
        for outcome, found in left.items():
            found.write(self._mark(outcome, now))
        for ticket in tickets.browse().union(*given.values(), *left.values()):
            args = self._args(ticket, choices[ticket.id])
            ticket.aftersales_dispatch_args = args
        self._settle(tickets.browse().union(*given.values()))
        self._escalate(left.get(NOBODY, tickets.browse()))

    @api.model
    def _give(self, tickets, user_id, team_id, vals):
        """Write whom tickets go to, and the team if they move there.

        OCA looks for the team and the stage of each ticket again when its user changes:
        where the team stays, both do.
        """
        vals = {"user_id": user_id, **vals}
        if team_id:
            tickets.write({**vals, "team_id": team_id})
            return
        settled = [tickets._fields[name] for name in ("team_id", "stage_id")]
        with self.env.protecting(settled, tickets):
            tickets.write(vals)

    @api.model
    def _mark(self, outcome, now):
        return {
            "aftersales_dispatch": outcome,
            "aftersales_dispatched_at": now,
            "aftersales_dispatched_by_id": False,
        }

    # Escalate

    @api.model
    def _escalate(self, tickets):
        """Ask the leader of the team, once, to find somebody where nobody fits."""
        vals_list = []
        for ticket in tickets:
            leader = ticket._aftersales_leader()
            if leader:
                env = self.with_context(lang=leader.lang or self.env.lang).env
                name = env._("Nobody fits: find somebody for this ticket")
                vals_list.append(ticket._aftersales_to_do(ACTIVITY, leader, name))
        # The leader may not look after this ticket else; that is the point.
        self.env["mail.activity"].sudo().create(vals_list)

    @api.model
    def _settle(self, tickets):
        """What somebody takes needs nobody else to be looked for."""
        # Whoever the request to find somebody went to, it is answered.
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", "helpdesk.ticket"),
                ("res_id", "in", tickets.ids),
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ]
        ).unlink()

    # Take over

    @api.model
    def _take_over(self, tickets):
        """Give on what cannot wait until those who have these tickets are back.

        Who has them is away, or has left. Both are told. Where nobody else fits, it
        stays with them, and the leader is asked once.
        """
        now = fields.Datetime.now()
        tickets = tickets.sudo()
        back = self._back(tickets, now)
        at_hand = tickets.filtered(lambda ticket: ticket not in back)
        # They were asked for while somebody was away who is back.
        returned = at_hand.filtered(lambda ticket: ticket.aftersales_dispatch == NOBODY)
        returned.aftersales_dispatch = ASSIGNED
        self._settle(returned)
        left = (tickets - at_hand).filtered(
            lambda ticket: self._is_left_behind(ticket, back[ticket])
        )
        # Who comes in time for a promise later is no help against waiting now.
        choices = {
            ticket_id: choice
            for ticket_id, choice in self._choices(left, now).items()
            if choice.outcome != LATER
        }
        moved = left.filtered(
            lambda t: t.id in choices and choices[t.id].outcome == ASSIGNED
        )
        before = {ticket: (ticket.user_id, back[ticket]) for ticket in moved}
        (left - moved).filtered(lambda t: not t.user_id.active).user_id = False
        self._apply(left, choices, now)
        for ticket, (user, until) in before.items():
            self._tell(ticket, user, until)

    @api.model
    def _back(self, tickets, now):
        """When who has a ticket is back, where they are away; None: nobody can tell."""
        back = {}
        for desk in self._desks(tickets, now):
            for job in desk.jobs:
                ticket = tickets.browse(job.ticket)
                found = [
                    desk.teams[team][ticket.user_id.id]
                    for team in job.teams
                    if ticket.user_id.id in desk.teams.get(team, {})
                ]
                if not ticket.user_id.active:
                    back[ticket] = None
                elif found and found[0].state == AWAY:
                    back[ticket] = found[0].until
        return back

    @api.model
    def _is_left_behind(self, ticket, back):
        due = ticket._aftersales_due()
        return is_left_behind(
            due and due.replace(tzinfo=UTC),
            back,
            bool(ticket.responded_at),
            ticket.response_state,
            ticket.resolution_state,
        )

    @api.model
    def _tell(self, ticket, user, until):
        """Write on the ticket that it changed hands, to both of them."""
        args = ticket.aftersales_dispatch_args
        others = [each for each in args["others"] if each["user"] != user.id]
        left = {"others": others, "from": [user.id, until and until.isoformat()]}
        ticket.aftersales_dispatch_args = args | left
        both = user | ticket.user_id
        lang = ticket.user_id.lang or self.env.lang
        reader = self.with_context(lang=lang, tz=ticket.user_id.tz)
        ticket.message_post(
            body=reader._sentence(ticket.with_context(lang=lang)),
            partner_ids=both.partner_id.ids,
            message_type="notification",
            subtype_xmlid="mail.mt_note",
        )
