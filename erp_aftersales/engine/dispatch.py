"""Who takes a ticket: who can, is there, and has the least to do (D1, C7, F4).

Must: the skills at their levels, the grade, and being there. Then, in this order: the
contract's own team before the ticket's, that before others; the customer's language;
the least load; the longest without a new ticket; the lowest id. The same facts in any
order give the same answer, and every answer says why, as codes (R24).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from .shifts import AWAY, Presence

SKILL, GRADE = "skill", "grade"
ASSIGNED, LATER, NOBODY = "assigned", "later", "nobody"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_FAR = datetime(9999, 1, 1, tzinfo=UTC)
_POINTS = {"0": 1, "1": 2, "2": 3, "3": 5}
PAUSED = "paused"
_URGENT = ("at_risk", "breached")


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill needed or known; ``progress`` from 0 to 100, ``level`` names it."""

    skill: int
    progress: int
    level: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What work asks of a person; ``grade`` as its rank, None: any."""

    skills: tuple[Skill, ...] = ()
    grade: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """``load`` in points of :func:`weight`; ``last``: when they last got a ticket."""

    user: int
    skills: tuple[Skill, ...] = ()
    grade: int | None = None
    languages: frozenset[str] = frozenset()
    load: int = 0
    tickets: int = 0
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A ticket that waits for somebody.

    ``teams``: ids, the one that goes first first; ``due``: the next promise.
    """

    ticket: int
    teams: tuple[int, ...]
    asked: Asked = Asked()
    language: str | None = None
    due: datetime | None = None
    priority: str = "1"


@dataclass(frozen=True, slots=True)
class Miss:
    """What a person lacks: a ``skill`` (``has`` None: not at all) or the ``grade``."""

    code: str
    needs: int
    has: int | None
    skill: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member of one of the job's teams, with what speaks for and against them."""

    person: Person
    team: int
    place: int
    presence: Presence
    speaks: bool
    misses: tuple[Miss, ...] = ()

    @property
    def is_able(self) -> bool:
        """Whether they have the skills and the grade."""
        return not self.misses

    @property
    def fits(self) -> bool:
        """Whether the job can be given to them now."""
        return self.is_able and self.presence.is_there


@dataclass(frozen=True, slots=True)
class Choice:
    """What was decided for a job; ``candidates``: best first."""

    job: Job
    outcome: str
    candidates: tuple[Candidate, ...]

    @property
    def chosen(self) -> Candidate | None:
        """Who takes the job; None unless it is assigned."""
        return self.candidates[0] if self.outcome == ASSIGNED else None


Teams = Mapping[int, Mapping[int, Presence]]
"""The members of each team by user, with how they can be reached for it."""


def weight(priority: str, *states: str) -> int:
    """Points of load of an open ticket: by priority, double when a promise is near.

    A ticket that waits for the customer weighs 1.

    :param states: of its promises (L5)
    """
    if any(state in _URGENT for state in states):
        return _POINTS[priority] * 2
    return 1 if PAUSED in states else _POINTS[priority]


def misses(asked: Asked, person: Person) -> tuple[Miss, ...]:
    """What the person lacks for work that asks this, skills first (F4)."""
    known = {skill.skill: skill.progress for skill in person.skills}
    found = [
        Miss(SKILL, need.progress, known.get(need.skill), need.skill)
        for need in asked.skills
        if known.get(need.skill, -1) < need.progress
    ]
    if asked.grade is not None and (person.grade is None or person.grade < asked.grade):
        found.append(Miss(GRADE, asked.grade, person.grade))
    return tuple(found)


def rank(job: Job, teams: Teams, people: Mapping[int, Person]) -> tuple[Candidate, ...]:
    """All members of the job's teams, the best first.

    Who is in two teams counts in the first one that they are there for.
    """
    found: dict[int, Candidate] = {}
    for place, team in enumerate(job.teams):
        for user, there in teams.get(team, {}).items():
            # Out of one team's hours, they may be there for another's.
            better = user not in found or not found[user].presence.is_there
            if user in found and not (better and there.is_there):
                continue
            person = people[user]
            speaks = job.language is None or job.language in person.languages
            lacks = misses(job.asked, person)
            found[user] = Candidate(person, team, place, there, speaks, lacks)
    return tuple(sorted(found.values(), key=_order))


def decide(job: Job, candidates: tuple[Candidate, ...]) -> Choice:
    """The first who fits takes it.

    If only those who are not there now could: it waits for them where they come in time
    for the promise, or, without a promise, where they are merely off. Else nobody fits.
    """
    if candidates and candidates[0].fits:
        return Choice(job, ASSIGNED, candidates)
    waits = any(_comes_in_time(job, each) for each in candidates if each.is_able)
    return Choice(job, LATER if waits else NOBODY, candidates)


def assign(
    jobs: Iterable[Job], teams: Teams, people: Mapping[int, Person], now: datetime
) -> dict[int, Choice]:
    """Give each job to somebody, the most urgent first; each adds to their load."""
    current = dict(people)
    choices = {}
    for job in sorted(jobs, key=_urgency):
        choice = decide(job, rank(job, teams, current))
        choices[job.ticket] = choice
        if choice.chosen:
            person = choice.chosen.person
            current[person.user] = replace(
                person,
                load=person.load + weight(job.priority),
                tickets=person.tickets + 1,
                last=now,
            )
    return choices


def is_left_behind(
    due: datetime | None, back: datetime | None, is_answered: bool, *states: str
) -> bool:
    """Whether a ticket of somebody who is away cannot wait until they are ``back``.

    It cannot if a promise is at risk, or falls due before; without a promise, if the
    customer has no answer yet. ``back`` None: nobody can tell, so nothing can wait.
    """
    if back is None or any(state in _URGENT for state in states):
        return True
    return back >= due if due else not is_answered


def _comes_in_time(job: Job, candidate: Candidate) -> bool:
    back = candidate.presence.until
    if back is None:
        return False
    return back < job.due if job.due else candidate.presence.state != AWAY


def _order(candidate: Candidate) -> tuple:
    person = candidate.person
    return (
        len(candidate.misses),
        not candidate.presence.is_there,
        candidate.place,
        not candidate.speaks,
        person.load,
        person.last or _NEVER,
        person.user,
    )


def _urgency(job: Job) -> tuple:
    return job.due or _FAR, -_POINTS[job.priority], job.ticket
