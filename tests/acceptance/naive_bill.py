# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the incidents cost, computed a second time and as simply as can be.

It knows nothing of the product: it goes through the updates minute by minute, has the
terms of the four plans written out below as a person would read them to a customer,
and rounds by itself. Where it and the product differ, one of them is wrong.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor

from incidents import GRADES, WORK_MINUTES, grade_of, plan_of

FIRST_DAY, LAST_DAY = date(2016, 2, 1), date(2017, 2, 28)
HOLIDAYS = {date(2016, 3, 8)}

YEARLY_FEE = 12000  # included
MONTHLY_FEE = 2000  # hours
FREE_MINUTES = 600  # hours, a month
OVERAGE = dict(zip(GRADES, ("300", "450.50", "699.99"), strict=True))
NORMAL = dict(zip(GRADES, ("600", "800", "1100"), strict=True))
AFTER_HOURS = dict(zip(GRADES, ("900.10", "1250.50", "1650"), strict=True))
ONSITE = dict(zip(GRADES, ("850", "1200", "1777.77"), strict=True))
DISCOUNT = 3  # hourly, percent
CARD = dict(zip(GRADES, ("666.66", "999.99", "1500"), strict=True))
CARD_FROM_APRIL = dict(zip(GRADES, ("700", "1050.05", "1580"), strict=True))


class Bill:
    """Unrounded money by (customer, month, price, discount), and billed minutes."""

    def __init__(self, incidents):
        self.groups = defaultdict(Fraction)
        self.minutes = defaultdict(int)
        self.priced_minutes = 0
        self.fees = defaultdict(int)  # in cents, by customer
        entries = defaultdict(list)
        rows = [(of, update) for of in incidents for update in of.updates]
        for position, (incident, update) in enumerate(rows):
            entry = update.at, position, incident, grade_of(update.updater)
            entries[incident.customer].append(entry)
        for customer, of_customer in entries.items():
            of_customer.sort(key=lambda entry: entry[:2])
            getattr(self, f"_{plan_of(customer)}")(customer, of_customer)

    def rounded(self):
        """Cents by (customer, month, price, discount): rounded once a group."""
        return {group: _cents(money) for group, money in self.groups.items()}

    @property
    def cents(self):
        """All that the customers pay, before tax."""
        return sum(self.rounded().values()) + sum(self.fees.values())

    def _add(self, customer, day, minutes, price, discount=0):
        hour = Fraction(price) * (100 - discount) / 100
        group = customer, (day.year, day.month), Fraction(price), discount
        self.groups[group] += hour * minutes / 60
        self.priced_minutes += minutes

    def _included(self, customer, entries):
        self.minutes[customer] += len(entries) * WORK_MINUTES
        rest_of_year = Fraction(28, 365)  # 1 to 28 February 2017
        self.fees[customer] = YEARLY_FEE * 100 + _cents(YEARLY_FEE * rest_of_year)

    def _hours(self, customer, entries):
        self.fees[customer] = 13 * MONTHLY_FEE * 100
        free = defaultdict(lambda: FREE_MINUTES)
        for at, _position, _incident, grade in entries:
            month = at.year, at.month
            for _minute in range(_up(WORK_MINUTES, 30)):
                self.minutes[customer] += 1
                if free[month]:
                    free[month] -= 1
                else:
                    self._add(customer, at, 1, OVERAGE[grade])

    def _hourly(self, customer, entries):
        visits = defaultdict(list)
        for at, _position, incident, grade in entries:
            if incident.mode == "onsite":
                visits[incident.number, at.date(), grade].append(at)
            else:
                self._hourly_remote(customer, at, grade)
        for (_number, day, grade), starts in visits.items():
            minutes = max(_up(len(starts) * WORK_MINUTES, 30), 60)
            self.minutes[customer] += minutes
            self._add(customer, day, minutes, ONSITE[grade], DISCOUNT)

    def _hourly_remote(self, customer, at, grade):
        clock = [is_after_hours(at + timedelta(minutes=m)) for m in range(WORK_MINUTES)]
        wanted = 30 if clock[0] else 20
        clock += [clock[-1]] * (wanted - len(clock))
        for after_hours in clock:
            price = (AFTER_HOURS if after_hours else NORMAL)[grade]
            self.minutes[customer] += 1
            self._add(customer, at, 1, price, DISCOUNT)

    def _excluded(self, customer, entries):
        for at, _position, _incident, grade in entries:
            card = CARD if at.date() < date(2016, 4, 1) else CARD_FROM_APRIL
            self.minutes[customer] += WORK_MINUTES
            self._add(customer, at, WORK_MINUTES, card[grade])


def is_after_hours(at: datetime) -> bool:
    """Outside Monday to Friday 9 to 18; a holiday has no price of its own."""
    if at.date() in HOLIDAYS:
        return False
    return at.weekday() > 4 or not 9 <= at.hour < 18


def _up(minutes, step):
    while minutes % step:
        minutes += 1
    return minutes


def _cents(money):
    """Half up; nothing here is negative."""
    return floor(Fraction(money) * 100 + Fraction(1, 2))
