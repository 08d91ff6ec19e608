"""L1 to L5: a ticket's clock, walked minute by minute on the wall."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from engine.worktime import week_type

MINUTE = timedelta(minutes=1)


def whole(moment):
    """The minute that a moment is in."""
    return moment.replace(second=0, microsecond=0)


def is_open(calendar, moment):
    """Whether the minute is working time, by the clock on the wall."""
    if calendar is None:
        return True
    if any(start <= moment < end for start, end in calendar.leaves):
        return False
    wall = moment.astimezone(ZoneInfo(calendar.tz))
    minute = wall.hour * 60 + wall.minute
    return any(
        row.weekday == wall.weekday()
        and row.week in (None, week_type(wall))
        and row.start <= minute < row.end
        for row in calendar.attendances
    )


class Walk:
    """The minutes of a ticket's life, one by one, each with what it was."""

    def __init__(self, case, minutes):
        self.case = case
        self.start = whole(case.received_at)
        self.moments = [self.start + n * MINUTE for n in range(minutes)]
        self.open = {m: is_open(case.calendar, m) for m in self.moments}
        self.state = {m: self._state(m) for m in self.moments}

    def _state(self, moment):
        passed = [mark for mark in self.case.marks if whole(mark.at) <= moment]
        return passed[-1].state if passed else "running"

    def count(self, state, until):
        """Working minutes spent in a state before a moment."""
        return sum(
            self.open[moment] and self.state[moment] == state
            for moment in self.moments
            if moment < until
        )

    def due(self, minutes, now, with_stops=True):
        """When so many working minutes have run, as far as is known at ``now``.

        A stop that begins by then counts with its own minutes once it is over; None if
        the walk ends before.
        """
        wanted = passed = 0
        for moment in self.moments:
            if with_stops and self._begins_stop(moment):
                wanted += self._stopped(moment, now)
            if passed == minutes + wanted:
                return moment
            passed += self.open[moment]
        return None

    def _begins_stop(self, moment):
        before = self.state.get(moment - MINUTE, "running")
        return self.state[moment] not in ("running", before)

    def _stopped(self, moment, now):
        """Working minutes of a stop that is over; of one that lasts, none."""
        state, minutes = self.state[moment], 0
        while self.state.get(moment) == state:
            if moment >= now:
                return 0
            minutes += self.open[moment]
            moment += MINUTE
        return minutes

    def read(self, target, now):
        """State and deadline of a target at a minute, by the name of its field."""
        minutes = getattr(self.case, target)
        if not minutes:
            return "none", None
        moves = target == "resolution"
        due = self.due(minutes, now, moves)
        risk = self.due(-(-minutes * 4 // 5), now, moves)
        state, since = self.state[now], now
        while self.state.get(since - MINUTE) == state and since > self.start:
            since -= MINUTE
        done = since if state == "closed" else None
        if not moves and self.case.responded_at:
            done = whole(self.case.responded_at)
        if done is not None:
            return ("met_late" if due and done > due else "met"), due
        stands = moves and state == "paused"
        if due and (since if stands else now) > due:
            return "breached", due
        if stands:
            return "paused", due
        return ("at_risk" if risk and now >= risk else "running"), due
