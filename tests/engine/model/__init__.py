"""A slow, naive model of rating: every minute of work and every incident by itself.

It is written from the rules of money and shares no code with the engine but the facts
it reads and the periods of a contract. It makes no charges and no keys: it says what
each minute costs or takes, and believes what is frozen.
"""

from .reckoning import Result, reckon
from .rounding import rounded
from .sla import sla_credits

__all__ = ["Result", "reckon", "rounded", "sla_credits"]
