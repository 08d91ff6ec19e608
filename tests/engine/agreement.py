"""Whether an outcome is what the naive model says, in sums that need no keys."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from engine.amounts import exact_amount
from model import reckon, rounded
from sums import net_price

BACK = "/back"


def assert_agree(facts, outcome):
    """Compare open charges and grants with the model's minutes."""
    model = reckon(facts)
    settling, charges = split(facts, outcome.charges)
    settled = [opposite(charge) for charge in model.settled]
    assert sorted(map(essence, settling)) == sorted(settled)
    assert pieces(charges) == pieces_of(model.atoms)
    assert grants(outcome) == of_rating(model.grants)
    assert_amounts(facts, outcome.charges, model)


def is_rated(charge):
    return charge.key[0] in "wt"


def split(facts, charges):
    """Charges that undo what is frozen, and the others."""
    undone = {item.charge.key for item in facts.existing if item.frozen}
    rated = [charge for charge in charges if is_rated(charge)]
    settling = [charge for charge in rated if other_key(charge.key) in undone]
    return settling, [charge for charge in rated if charge not in settling]


def other_key(key):
    return key.removesuffix(BACK) if key.endswith(BACK) else key + BACK


def essence(charge):
    return (
        *(charge.key, charge.minutes, charge.used, str(charge.grant)),
        *(charge.price, charge.unit or "", charge.discount),
        charge.kind if charge.key.endswith(BACK) else "",
    )


def opposite(charge):
    """What undoes a frozen charge (R17)."""
    key = other_key(charge.key)
    return (
        *(key, -charge.minutes, -charge.used, str(charge.grant)),
        *(charge.price, charge.unit or "", charge.discount),
        "adjustment" if key.endswith(BACK) else "",
    )


def pieces(charges):
    """(minutes or incidents, taken, amount) of what is alike."""
    sums = defaultdict(lambda: [0, Fraction(0)])
    for charge in charges:
        count = charge.minutes or int(charge.count)
        if not count:
            continue
        sums[piece(charge)][0] += count
        sums[piece(charge)][1] += Fraction(charge.used if charge.grant else 0)
    return dict(sums)


def piece(charge):
    return (
        *(charge.work_id, charge.ticket_id, charge.priced_as),
        charge.work_id and charge.band,
        *(charge.grant, charge.price, charge.unit if charge.price else None),
        *(charge.discount, charge.waiting, charge.args.get("by")),
    )


def pieces_of(atoms):
    sums = defaultdict(lambda: [0, Fraction(0)])
    for atom in atoms:
        price, unit = atom.price or Decimal(0), atom.unit
        name = (
            *(atom.work_id, atom.ticket_id, atom.kind),
            atom.work_id and atom.band,
            *(atom.grant, price, unit if price else None),
            *(atom.discount, atom.waiting, atom.by),
        )
        sums[name][0] += 1
        sums[name][1] += atom.taken
    return dict(sums)


def grants(outcome):
    return {grant.key: grant.size for grant in outcome.grants}


def of_rating(sizes):
    return {key: size for key, size in sizes.items() if key[0] in ("plan", "rollover")}


def assert_amounts(facts, charges, model):
    """R13: what is open brings each group to its exact total, rounded once."""
    frozen = [item.charge for item in facts.existing if item.frozen]
    total, exact = defaultdict(Decimal), defaultdict(Fraction)
    for charge in filter(is_rated, [*frozen, *charges]):
        total[net_price(charge)] += charge.amount
        exact[net_price(charge)] += exact_amount(charge)
    for group in {net_price(charge) for charge in charges if exact_amount(charge)}:
        assert total[group] == rounded(exact[group], facts.rounding)
    if not model.settled:
        works = [charge for charge in charges if is_rated(charge)]
        assert by_work(works) == by_work(model.atoms)


def by_work(priced):
    """Amounts of each entry and each incident."""
    sums = defaultdict(Decimal)
    for one in priced:
        sums[one.work_id, one.ticket_id] += one.amount
    return {name: amount for name, amount in sums.items() if amount}
