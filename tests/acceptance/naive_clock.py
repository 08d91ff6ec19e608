# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the clock of each incident shows, found by walking through its minutes.

It knows nothing of the product: which minutes count is written out below as a person
would say it, and each minute of an incident's life is looked at once.
"""

from datetime import datetime, timedelta

from naive_bill import HOLIDAYS

# Minutes to the first answer and to the solution, by the ticket's priority.
PROMISED = {"0": (480, 4800), "1": (240, 2400), "2": (60, 480), "3": (30, 240)}
_MINUTE = timedelta(minutes=1)
_KINDS = {"new": "running", "in_progress": "running", "awaiting": "paused"}


def counts(moment: datetime) -> bool:
    """Monday to Friday from 9 to 18, but not on holidays."""
    return (
        moment.weekday() < 5 and 9 <= moment.hour < 18 and moment.date() not in HOLIDAYS
    )


class Life:
    """An incident, minute by minute; ``kind_of`` says what it was in each.

    The first update of somebody else than who opened it is the first answer, and so is
    the solution.
    """

    def __init__(self, incident, until):
        self.start, self.until = incident.opened_at, until
        self.kind_of, kind = {}, "running"
        # some updates are dated before the incident
        turns = {max(u.at, self.start): u.state for u in incident.updates}
        moment = self.start
        while moment <= until:
            if moment in turns:
                kind = _KINDS.get(turns[moment], "closed")
            self.kind_of[moment] = kind
            moment += _MINUTE
        opened_by = incident.updates[0].updater
        others = [u.at for u in incident.updates if u.updater != opened_by]
        self.answered = next((max(at, self.start) for at in others), None)
        self.priority = incident.updates[-1].priority
        self.minutes = dict.fromkeys(("running", "paused", "closed"), 0)
        for moment, kind in self.kind_of.items():
            if moment < until:
                self.minutes[kind] += counts(moment)

    @property
    def solved(self):
        """The minute in which it was closed for good."""
        moment = self.until
        while self.kind_of.get(moment - _MINUTE) == "closed":
            moment -= _MINUTE
        return moment

    def due(self, target):
        """When the target is used up; time in which the clock stood moves it."""
        left = PROMISED[self.priority][target]
        moment, before, far = self.start, "running", self.until + timedelta(days=90)
        while moment < far:
            kind = self.kind_of.get(moment, "running")
            stops = target and kind != "running" and kind != before
            if stops and moment < self.solved:
                left += self._stood(moment, kind)
            if not left:
                return moment
            left -= counts(moment)
            before, moment = kind, moment + _MINUTE
        raise AssertionError("due after all that was looked at")

    def _stood(self, moment, kind):
        minutes = 0
        while self.kind_of.get(moment) == kind:
            minutes += counts(moment)
            moment += _MINUTE
        return minutes
