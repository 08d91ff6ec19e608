"""Random lives of contracts: what people do, in any order, told by a seed alone.

The same script drives the engine (test_lives.py) and real records of Odoo
(tests/acceptance/test_whole_lives.py). A life has a clock that only goes forward.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

START = date(2026, 1, 15)
YEAR = 365
PLANS = 3
SERVICES = 2

# What is done how often, in all the steps of a life.
WEIGHTS = {
    "work": 9,
    "users": 5,
    "bill": 7,
    "upgrade": 3,
    "correct": 2,
    "pause": 2,
    "lift": 1,
    "renew": 2,
    "undo": 2,
    "terminate": 1,
}


@dataclass(frozen=True)
class Step:
    """One thing that is done: its name, the day it is done on, and its values."""

    name: str
    today: date
    values: dict = field(default_factory=dict)

    def __str__(self):
        told = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.today} {self.name}({told})"


def script(seed, count):
    """The steps of a life; what a step cannot do then and there, it leaves."""
    random = Random(seed)  # noqa: S311 (no secret)
    today = START
    yield Step("sell", today, _sale(random))
    names, weights = list(WEIGHTS), list(WEIGHTS.values())
    for _number in range(count - 1):
        name = random.choices(names, weights)[0]
        today += timedelta(days=random.choice((0, 0, 1, 5, 17, 40)))
        yield Step(name, today, globals()[f"_{name}"](random, today))


def _sale(random):
    return {
        "plan": random.randrange(PLANS),
        "users": random.choice((3, 20, 21, 35)),
        "days": random.choice((YEAR, YEAR, 200, None)),
    }


def _back(random, today, far=60):
    """A day not after today, often in what is invoiced already."""
    return max(START, today - timedelta(days=random.choice((0, 1, 7, 30, far))))


def _work(random, today):
    return {
        "day": _back(random, today),
        "minutes": random.choice((1, 5, 9, 20, 70)),
        "service": random.randrange(SERVICES),
    }


def _users(random, today):
    ahead = timedelta(days=random.choice((0, 0, 0, 12)))
    return {
        "day": _back(random, today, 200) + ahead,
        "value": random.choice((0, 2, 19, 20, 21, 36, 50, 51)),
    }


def _bill(_random, _today):
    return {}


def _upgrade(random, today):
    ahead = timedelta(days=random.choice((0, 0, 9, 30)))
    return {"day": _back(random, today) + ahead, "plan": random.randrange(PLANS)}


def _correct(random, _today):
    return {"number": random.randrange(100), "minutes": random.choice((0, 2, 40))}


def _pause(random, today):
    first = _back(random, today) + timedelta(days=random.choice((0, 3, 25)))
    return {"first": first, "last": first + timedelta(days=random.choice((0, 9, 40)))}


def _lift(random, _today):
    return {"number": random.randrange(100)}


def _renew(random, _today):
    return {"days": random.choice((YEAR, 150)), "increase": random.choice((0, 5, 3.5))}


def _undo(random, _today):
    """An invoice is deleted while it is a draft, or credited to be billed again."""
    return {"number": random.randrange(100)}


def _terminate(random, today):
    ahead = timedelta(days=random.choice((0, 10, 45)))
    return {"day": today + ahead, "refund": random.random() < 0.6}


def live(life, seed, count):
    """Let a life do its steps; the laws hold after each one.

    :raises AssertionError: naming seed and steps, with which it is lived again
    """
    done = []
    for step in script(seed, count):
        done.append(step)
        try:
            life.today = step.today
            getattr(life, step.name)(**step.values)
            life.check()
        except Exception as error:
            told = "\n".join(f"  {number}. {one}" for number, one in enumerate(done, 1))
            raise AssertionError(
                f"Life {seed} broke a law at step {len(done)}:\n{told}\n{error}"
            ) from error
