# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tickets, teams, people and their time as facts of the dispatcher (D1, F4)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, timedelta

from odoo import api, models

from ..engine.dispatch import Asked, Job, Person, Skill, weight
from ..engine.shifts import AWAY, Presence, holes, presence
from ..engine.worktime import Attendance, Calendar

# Who got nothing for so long comes first, however much longer it is.
REMEMBERED = timedelta(days=30)
ALWAYS = tuple(Attendance(day, 0, 1440) for day in range(7))


@dataclass(frozen=True)
class Desk:
    """The jobs of one company, with its teams and people."""

    jobs: list
    teams: dict
    people: dict


@dataclass(frozen=True)
class Staff:
    """What was read of all companies at once, by user, employee or calendar id."""

    employees: dict
    skills: dict
    calendars: dict
    leaves: dict
    duties: dict
    loads: dict
    lasts: dict


class AftersalesDispatch(models.AbstractModel):
    _inherit = "aftersales.dispatch"

    @api.model
    def _desks(self, tickets, now, every=False):
        """Facts of the tickets by company.

        :param tickets: in sudo
        :param every: all teams, not only those that assign automatically
        """
        companies = tickets.company_id
        teams = self._teams(companies, every)
        users = self._users(teams)
        staff = self._staff(teams, users, now)
        needs = self._needs(tickets)
        desks = []
        for company in companies:
            theirs = teams.filtered(
                lambda t, c=company: t.company_id.id in (c.id, False)
            )
            theirs = theirs.with_company(company)
            jobs = [
                self._job(ticket, teams_of, needs)
                for ticket in tickets.filtered(lambda t, c=company: t.company_id == c)
                if (teams_of := self._teams_of(ticket, theirs, every)) is not None
            ]
            desks.append(
                Desk(
                    jobs,
                    {
                        team.id: self._members(team, company, staff, now)
                        for team in theirs
                    },
                    {user.id: self._person(user, company, staff) for user in users},
                )
            )
        return desks

    # Teams

    @api.model
    def _teams(self, companies, every):
        domain = [("company_id", "in", [*companies.ids, False])]
        if not every:
            dispatching = self.env["helpdesk.ticket.team"]._aftersales_dispatching()
            domain.append(("id", "in", list(dispatching)))
        # Who serves a ticket counts, not which teams the writer sees.
        return self.env["helpdesk.ticket.team"].sudo().search(domain)

    @api.model
    def _teams_of(self, ticket, teams, every):
        """Ids of the teams that are asked, in order (C7); None: a team assigns by hand.

        The contract's own team, the ticket's, those of its product area; a ticket that
        belongs to no team is everybody's.
        """
        own = ticket.contract_id.team_id | ticket.team_id
        home = own.filtered("active")[:1]
        if home and home not in teams and not every:
            return None
        area = teams.filtered(lambda team: ticket.category_id in team.category_ids)
        asked = (own & teams) + (area if ticket.category_id else area.browse())
        if every or not asked:
            asked += teams
        return tuple(dict.fromkeys(asked.ids))

    @api.model
    def _members(self, team, company, staff, now):
        """How each member can be reached for the team, by user id."""
        hours = staff.calendars.get(team._aftersales_hours().id)
        return {
            user.id: self._presence(user, team, company, hours, staff, now)
            for user in self._users(team)
        }

    @api.model
    def _users(self, teams):
        """Members who can work: customers cannot, nor who has left."""
        return teams.user_ids.filtered(lambda user: user.active and not user.share)

    @api.model
    def _presence(self, user, team, company, hours, staff, now):
        employee = self._employee(user, company, staff)
        if employee and not employee.active:
            return Presence(AWAY)
        absences = staff.leaves.get(employee.resource_id.id, ())
        # Who has no hours of their own, or no fixed ones, works when the team does.
        shift = staff.calendars.get(employee.resource_calendar_id.id, hours)
        if absences:
            base = shift or Calendar("UTC", ALWAYS)
            shift = Calendar(base.tz, base.attendances, (*base.leaves, *absences))
        until = staff.duties.get((team.id, user.id))
        return presence(now.replace(tzinfo=UTC), shift, hours, absences, until)

    # People

    @api.model
    def _person(self, user, company, staff):
        employee = self._employee(user, company, staff)
        languages = employee.aftersales_lang_ids.mapped("code") or [user.lang]
        load, tickets = staff.loads.get(user.id, (0, 0))
        last = staff.lasts.get(user.id)
        return Person(
            user=user.id,
            skills=staff.skills.get(employee.id, ()),
            grade=self._rank_of(employee.aftersales_grade_id),
            languages=frozenset(map(_language, filter(None, languages))),
            load=load,
            tickets=tickets,
            last=last and last.replace(tzinfo=UTC),
        )

    @api.model
    def _plain_person(self, row, skills):
        """The person of a row of who can serve what: skills and grade alone."""
        return Person(row.user_id.id, skills, self._rank_of(row.grade_id))

    @api.model
    def _employee(self, user, company, staff):
        """The user's employee: of the company, else of another; one who left last."""
        found = staff.employees.get(user.id, self.env["hr.employee"])
        return found.sorted(
            lambda employee: (not employee.active, employee.company_id != company)
        )[:1]

    @api.model
    def _rank_of(self, grade):
        return grade.sequence if grade else None

    @api.model
    def _staff(self, teams, users, now):
        # Calendars, leaves and grades of colleagues decide; only the answer is shown.
        employees = (
            self.env["hr.employee"]
            .sudo()
            .with_context(active_test=False)
            .search([("user_id", "in", users.ids)])
        )
        companies = teams.company_id | employees.company_id | self.env.company
        calendars = employees.resource_calendar_id | teams.aftersales_calendar_id
        calendars |= companies.sudo().resource_calendar_id
        fixed = calendars.filtered(
            lambda calendar: not (calendar.flexible_hours or calendar.duration_based)
        )
        loads, lasts = self._loads(users, now)
        return Staff(
            employees={
                user.id: found for user, found in employees.grouped("user_id").items()
            },
            skills=self._skills(employees),
            calendars=self.env["aftersales.loader"].sudo()._calendars(fixed),
            leaves=self._leaves(employees, now),
            duties=self._duties(teams, now),
            loads=loads,
            lasts=lasts,
        )

    @api.model
    def _skills(self, employees):
        """Skills that are valid today, by employee id."""
        skills = defaultdict(list)
        today = self.env.company._aftersales_today()
        for row in (
            self.env["hr.employee.skill"]
            .sudo()
            .search(
                [
                    ("employee_id", "in", employees.ids),
                    ("valid_from", "<=", today),
                    "|",
                    ("valid_to", "=", False),
                    ("valid_to", ">=", today),
                ]
            )
        ):
            skill = Skill(row.skill_id.id, row.level_progress, row.skill_level_id.id)
            skills[row.employee_id.id].append(skill)
        return {employee: tuple(found) for employee, found in skills.items()}

    @api.model
    def _leaves(self, employees, now):
        """Own leaves that are not over, by resource id."""
        leaves = defaultdict(list)
        for leave in (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search_fetch(
                [
                    ("resource_id", "in", employees.resource_id.ids),
                    ("time_type", "=", "leave"),
                    ("date_to", ">", now),
                ],
                ["resource_id", "date_from", "date_to"],
            )
        ):
            span = leave.date_from, leave.date_to
            leaves[leave.resource_id.id].append(
                tuple(moment.replace(tzinfo=UTC) for moment in span)
            )
        return leaves

    @api.model
    def _duties(self, teams, now):
        """End of the duty that runs, by team and user id."""
        duties = (
            self.env["aftersales.duty"]
            .sudo()
            .search_fetch(
                [
                    ("team_id", "in", teams.ids),
                    ("date_from", "<=", now),
                    ("date_to", ">", now),
                ],
                ["team_id", "user_id", "date_to"],
            )
        )
        return {
            (duty.team_id.id, duty.user_id.id): duty.date_to.replace(tzinfo=UTC)
            for duty in duties
        }

    @api.model
    def _loads(self, users, now):
        """Points and tickets that are open, and the last ticket given, by user id."""
        tickets = self.env["helpdesk.ticket"].sudo()
        loads = defaultdict(lambda: (0, 0))
        for user, priority, response, resolution, count in tickets._read_group(
            [("user_id", "in", users.ids), ("stage_id.closed", "=", False)],
            ["user_id", "priority", "response_state", "resolution_state"],
            ["__count"],
        ):
            points, number = loads[user.id]
            each = weight(priority or "0", response, resolution)
            loads[user.id] = points + each * count, number + count
        groups = tickets._read_group(
            [("user_id", "in", users.ids), ("assigned_date", ">=", now - REMEMBERED)],
            ["user_id"],
            ["assigned_date:max"],
        )
        return loads, {user.id: last for user, last in groups}

    # Duty plan

    @api.model
    def _holes(self, duties):
        """Spans in which nobody can be reached, from a duty's end to the next one."""
        planned = self.env["aftersales.duty"].search_fetch(
            [
                ("team_id", "in", duties.team_id.ids),
                ("date_to", ">", min(duties.mapped("date_from"), default=False)),
            ],
            ["team_id", "date_from", "date_to"],
        )
        calendars = {team: team.sudo()._aftersales_hours() for team in duties.team_id}
        hours = self.env["resource.calendar"].union(*calendars.values()).sudo()
        hours = self.env["aftersales.loader"].sudo()._calendars(hours)
        found = {}
        for duty in duties.filtered(lambda d: d.team_id and d.date_to):
            others = planned.filtered(lambda d, team=duty.team_id: d.team_id == team)
            later = others.filtered(lambda d, end=duty.date_to: d.date_to > end)
            if not later:
                continue
            begin = duty.date_to.replace(tzinfo=UTC)
            end = min(later.mapped("date_from")).replace(tzinfo=UTC)
            if spans := holes(begin, end, hours.get(calendars[duty.team_id].id)):
                found[duty.id] = spans
        return found

    # Tickets

    @api.model
    def _job(self, ticket, teams, needs):
        due = ticket._aftersales_due()
        partner = ticket.partner_id
        lang = partner.lang or partner.commercial_partner_id.lang
        return Job(
            ticket=ticket.id,
            teams=teams,
            asked=self._asked(ticket.service_id, ticket.category_id, needs),
            language=_language(lang) if lang else None,
            due=due and due.replace(tzinfo=UTC),
            priority=ticket.priority or "0",
        )

    @api.model
    def _needs(self, tickets):
        """Skills needed by service or product area."""
        return self._needs_of(tickets.service_id, tickets.category_id)

    @api.model
    def _needs_of(self, services, categories):
        needs = defaultdict(list)
        for need in (
            self.env["aftersales.skill.need"]
            .sudo()
            .search(
                [
                    "|",
                    ("service_id", "in", services.ids),
                    ("category_id", "in", categories.ids),
                ]
            )
        ):
            level = need.skill_level_id
            skill = Skill(need.skill_id.id, level.level_progress, level.id)
            needs[need.service_id or need.category_id].append(skill)
        return needs

    @api.model
    def _asked(self, service, category, needs):
        """What both ask for together: of a skill asked twice the higher level."""
        highest = {}
        for need in (*needs[service], *needs[category]):
            known = highest.get(need.skill)
            if not known or known.progress < need.progress:
                highest[need.skill] = need
        return Asked(
            tuple(highest.values()), self._rank_of(service.aftersales_grade_id)
        )


def _language(code):
    """Without the country: who speaks the English of one speaks that of another."""
    return code.split("_")[0]
