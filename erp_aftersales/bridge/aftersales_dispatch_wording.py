# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Why somebody takes a ticket, in the reader's language (D1, R24)."""

from datetime import UTC, datetime

from babel import Locale

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.tools import format_date, format_time

from ..engine.dispatch import GRADE, LATER, NOBODY, SKILL, misses
from ..engine.shifts import AWAY, DUTY, HERE, OFF

OTHERS_SHOWN = 2


class AftersalesDispatch(models.AbstractModel):
    _inherit = "aftersales.dispatch"

    # Codes and arguments

    @api.model
    def _args(self, ticket, choice):
        """What is stored of a choice: ids, numbers and moments, no sentence."""
        every = choice.candidates
        chosen, rest = choice.chosen, every[1:] if choice.chosen else every
        absent = [c for c in rest if c.is_able and not c.presence.is_there]
        shown = (absent or ([] if chosen else rest))[:OTHERS_SHOWN]
        args = {"others": [self._about(ticket, choice.job, c, every) for c in shown]}
        return args | (self._about(ticket, choice.job, chosen, every) if chosen else {})

    @api.model
    def _about(self, ticket, job, candidate, candidates):
        """What speaks for and against one of the candidates for a ticket.

        The customer's language and the contract's team are told where not all of them
        speak it or belong to it.
        """
        person, there = candidate.person, candidate.presence
        needed = {need.skill for need in job.asked.skills}
        differs = len({each.speaks for each in candidates}) > 1
        return {
            "user": person.user,
            "team": candidate.team,
            "dedicated": len({each.team for each in candidates}) > 1
            and candidate.team == ticket.contract_id.team_id.id,
            "language": job.language if differs else None,
            "speaks": candidate.speaks,
            "skills": [[s.skill, s.level] for s in person.skills if s.skill in needed],
            "misses": [[m.code, m.skill, m.needs, m.has] for m in candidate.misses],
            "tickets": person.tickets,
            "there": there.state,
            "until": there.until and there.until.isoformat(),
        }

    # Sentences

    @api.model
    def _sentence(self, ticket):
        """Who takes the ticket and why, or why nobody does; False: undecided."""
        args = ticket.aftersales_dispatch_args
        if not args:
            return False
        others = [self._other(each) for each in args.get("others", ())]
        if "user" in args:
            text = self._for(args)
        elif ticket.aftersales_dispatch == LATER:
            text = self.env._("Waits for somebody who can serve it")
        elif ticket.aftersales_dispatch == NOBODY:
            text = self.env._("Nobody fits")
        else:
            return False
        if args.get("from"):
            text = self._after(text, *args["from"])
        return self._join("; ", [text, *others]) + self._mark_of(".")

    @api.model
    def _for(self, args):
        """A candidate's name and all that speaks for them."""
        return self.env._(
            "%(user)s: %(reasons)s",
            user=self._user_name(args["user"]),
            reasons=self._join(", ", self._reasons(args)),
        )

    @api.model
    def _other(self, args):
        """A candidate's name and what keeps them from it."""
        against = self._lacks(args) or [self._whereabouts(args)]
        return self.env._(
            "%(user)s %(reasons)s",
            user=self._user_name(args["user"]),
            reasons=self._join(", ", against),
        )

    @api.model
    def _after(self, text, user_id, until):
        user = self._user_name(user_id)
        if until:
            return self.env._(
                "%(text)s, takes over from %(user)s, who is away until %(until)s",
                text=text,
                user=user,
                until=self._moment(until),
            )
        return self.env._("%(text)s, takes over from %(user)s", text=text, user=user)

    @api.model
    def _reasons(self, args):
        """Everything about a candidate that counted, as short clauses."""
        found = []
        if args["dedicated"]:
            found.append(self.env._("of the contract's own team"))
        if args["language"]:
            name = self._language_name(args["language"])
            speaks = self.env._("speaks %s", name)
            speaks_not = self.env._("does not speak %s", name)
            found.append(speaks if args["speaks"] else speaks_not)
        found += [self._knows(skill, level) for skill, level in args["skills"]]
        found += self._lacks(args)
        if args["tickets"] == 1:
            found.append(self.env._("1 open ticket"))
        else:
            found.append(self.env._("%s open tickets", args["tickets"]))
        if args["there"] != HERE:
            found.append(self._whereabouts(args))
        return found

    @api.model
    def _knows(self, skill_id, level_id):
        return self.env._(
            "knows %(skill)s (%(level)s)",
            skill=self._name_of("hr.skill", skill_id),
            level=self._name_of("hr.skill.level", level_id),
        )

    @api.model
    def _lacks(self, args):
        found = []
        for code, skill_id, needs, has in args["misses"]:
            if code == GRADE:
                found.append(self.env._("has too low a grade"))
            elif code == SKILL:
                skill = self._name_of("hr.skill", skill_id)
                values = {"skill": skill, "has": has, "needs": needs}
                if has is None:
                    found.append(self.env._("does not know %(skill)s", **values))
                else:
                    found.append(
                        self.env._(
                            "knows too little of %(skill)s (%(has)s%% of %(needs)s%%)",
                            **values,
                        )
                    )
        return found

    @api.model
    def _whereabouts(self, args):
        """Where somebody is now: working, on duty, off or away, and until when."""
        until = args["until"] and self._moment(args["until"])
        if args["there"] == AWAY:
            if until:
                return self.env._("is away until %s", until)
            return self.env._("is away")
        if args["there"] == DUTY:
            return self.env._("on duty until %s", until)
        if args["there"] == OFF:
            if until:
                return self.env._("is off until %s", until)
            return self.env._("is off")
        return self.env._("works until %s", until)

    # Words

    @api.model
    def _join(self, separator, parts):
        """Clauses with the commas of the language: Chinese has its own."""
        return self._mark_of(separator).join(parts)

    @api.model
    def _mark_of(self, mark):
        chinese = (self.env.lang or "").startswith("zh")
        return {", ": "，", "; ": "；", ".": "。"}[mark] if chinese else mark

    @api.model
    def _user_name(self, user_id):
        return self._name_of("res.users", user_id)

    @api.model
    def _name_of(self, model, record_id):
        """The name of what a reason speaks of; a dash for what is deleted since."""
        # Names of colleagues and skills are no secret, also of who has left.
        try:
            return self.env[model].sudo().browse(record_id).name
        except MissingError:
            return "-"

    @api.model
    def _warm(self, args_list):
        """Read at once the names that many reasons speak of."""
        ids = {"res.users": set(), "hr.skill": set(), "hr.skill.level": set()}
        for args in args_list:
            for each in (args, *args.get("others", ())):
                ids["res.users"].update({each.get("user")} - {None})
                for skill_id, level_id in each.get("skills", ()):
                    ids["hr.skill"].add(skill_id)
                    ids["hr.skill.level"].add(level_id)
                ids["hr.skill"].update(
                    miss[1] for miss in each.get("misses", ()) if miss[1]
                )
        for model, found in ids.items():
            records = self.env[model].sudo().with_context(active_test=False)
            records.search_fetch([("id", "in", list(found))], ["name"])

    @api.model
    def _language_name(self, code):
        lang = self.env.lang or "en_US"
        name = Locale.parse(code).get_language_name(lang.partition("@")[0])
        return name or code

    @api.model
    def _moment(self, text):
        """A moment in the reader's zone: the hour alone, where it is today."""
        moment = datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
        zone = self.env.tz
        local = moment.replace(tzinfo=UTC).astimezone(zone)
        hour = format_time(self.env, moment, tz=zone.zone, time_format="HH:mm")
        if local.date() == datetime.now(zone).date():
            return hour
        return f"{format_date(self.env, local.date())} {hour}"

    # Who can serve what

    @api.model
    def _competence(self, rows):
        """What the employee of each row knows, and what is lacking for the service."""
        # Rows are seen by those who may; skills and grades behind them are the answer.
        rows_sudo = rows.sudo()
        skills = self._skills(rows_sudo.employee_id)
        empty = self.env["helpdesk.ticket.category"]
        needs = self._needs_of(rows_sudo.service_id, empty)
        self._warm_skills(
            skill for found in (*skills.values(), *needs.values()) for skill in found
        )
        found = {}
        for row, row_sudo in zip(rows, rows_sudo, strict=True):
            known = skills.get(row_sudo.employee_id.id, ())
            person = self._plain_person(row_sudo, known)
            asked = self._asked(row_sudo.service_id, empty, needs)
            lacks = [[m.code, m.skill, m.needs, m.has] for m in misses(asked, person)]
            found[row] = (
                self._join(", ", [self._known(skill) for skill in known]),
                self._join(", ", self._lacks({"misses": lacks})),
            )
        return found

    @api.model
    def _known(self, skill):
        names = (
            self._name_of("hr.skill", skill.skill),
            self._name_of("hr.skill.level", skill.level),
        )
        return ": ".join(names)

    @api.model
    def _warm_skills(self, skills):
        """Read at once the names of many people's skills."""
        self._warm([{"skills": [[skill.skill, skill.level] for skill in skills]}])

    # Duty plan

    @api.model
    def _duty_holes(self, duties):
        """When nobody can be reached after a duty of a plan, by duty id, in words."""
        return {
            duty_id: self._join(
                ", ",
                [
                    self.env._(
                        "%(start)s to %(end)s",
                        start=self._moment(start.isoformat()),
                        end=self._moment(end.isoformat()),
                    )
                    for start, end in spans
                ],
            )
            for duty_id, spans in self._holes(duties).items()
        }
