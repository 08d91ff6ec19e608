"""What rating answers; the charges themselves are ``facts.Charge``."""

from __future__ import annotations

from dataclasses import dataclass

from .facts import Charge, Grant


@dataclass(frozen=True, slots=True)
class Outcome:
    """What should stand open on a contract: nothing frozen is in it."""

    charges: tuple[Charge, ...]
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between what is and what should be (R19): empty when rated."""

    create: tuple[Charge, ...] = ()
    update: tuple[tuple[int, Charge], ...] = ()
    delete: tuple[int, ...] = ()
    grants_create: tuple[Grant, ...] = ()
    grants_update: tuple[tuple[int, Grant], ...] = ()
    grants_delete: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(
            self.create
            or self.update
            or self.delete
            or self.grants_create
            or self.grants_update
            or self.grants_delete
        )
