"""Who takes a ticket, and why (D1, C7, F4)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from engine.dispatch import (
    ASSIGNED,
    GRADE,
    LATER,
    NOBODY,
    SKILL,
    Asked,
    Job,
    Miss,
    Person,
    Skill,
    assign,
    decide,
    is_left_behind,
    misses,
    rank,
    weight,
)
from engine.shifts import AWAY, DUTY, HERE, OFF, Presence
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
THERE = Presence(HERE, NOW + 8 * HOUR)
FINANCE, STOCK = 7, 8
EXPERT, BEGINNER = 100, 25


def job(ticket=1, teams=(1,), **values):
    return Job(ticket, teams, **values)


def people(*many):
    return {person.user: person for person in many}


def team(*users, there=THERE):
    return dict.fromkeys(users, there)


def chosen(work, teams, persons):
    choice = decide(work, rank(work, teams, persons))
    return choice.chosen and choice.chosen.person.user


def test_the_least_loaded_takes_it():
    persons = people(Person(1, load=4), Person(2, load=3), Person(3, load=5))
    assert chosen(job(), {1: team(1, 2, 3)}, persons) == 2


def test_of_two_alike_it_is_who_waited_longest_and_then_the_lower_id():
    lately = Person(1, last=NOW - HOUR)
    long_ago = Person(2, last=NOW - 5 * HOUR)
    never, later = Person(4), Person(3, last=NOW - 5 * HOUR)
    teams = {1: team(1, 2, 3, 4)}
    assert chosen(job(), teams, people(lately, long_ago, never, later)) == 4
    teams = {1: team(1, 2, 3)}
    assert chosen(job(), teams, people(lately, long_ago, later)) == 2


def test_c7_the_first_team_goes_first_however_loaded_it_is():
    persons = people(Person(1, load=30), Person(2))
    work = job(teams=(5, 6))
    assert chosen(work, {5: team(1), 6: team(2)}, persons) == 1
    away = team(1, there=Presence(AWAY, NOW + HOUR))
    assert chosen(work, {5: away, 6: team(2)}, persons) == 2


def test_who_is_in_two_teams_counts_in_the_first_where_they_are_there():
    persons = people(Person(1))
    off = Presence(OFF, NOW + HOUR)
    work = job(teams=(5, 6))
    (candidate,) = rank(work, {5: team(1), 6: team(1)}, persons)
    assert candidate.team == 5
    (candidate,) = rank(work, {5: team(1, there=off), 6: team(1)}, persons)
    assert candidate.team == 6
    (candidate,) = rank(work, {5: team(1, there=off), 6: team(1, there=off)}, persons)
    assert candidate.team == 5


def test_the_customers_language_is_preferred_but_no_must():
    persons = people(
        Person(1, languages=frozenset({"en_US"})),
        Person(2, languages=frozenset({"zh_CN"}), load=9),
    )
    work = job(language="zh_CN")
    assert chosen(work, {1: team(1, 2)}, persons) == 2
    assert chosen(work, {1: team(1)}, persons) == 1


@pytest.mark.parametrize(
    ("known", "lacks"),
    [
        ((), (Miss(SKILL, 50, None, FINANCE),)),
        ((Skill(FINANCE, 25, 1),), (Miss(SKILL, 50, 25, FINANCE),)),
        ((Skill(STOCK, 100, 1),), (Miss(SKILL, 50, None, FINANCE),)),
        ((Skill(FINANCE, 50, 1),), ()),
        ((Skill(FINANCE, 100, 1), Skill(STOCK, 0, 1)), ()),
    ],
)
def test_f4_each_skill_must_be_there_at_its_level(known, lacks):
    asked = Asked((Skill(FINANCE, 50, 2),))
    assert misses(asked, Person(1, skills=known)) == lacks


def test_f4_generalists_serve_only_what_asks_nothing():
    assert misses(Asked(), Person(1)) == ()
    assert misses(Asked((Skill(FINANCE, 0, 1),)), Person(1)) != ()


def test_f4_a_grade_below_or_none_at_all_does_not_do():
    asked = Asked(grade=2)
    assert misses(asked, Person(1, grade=1)) == (Miss(GRADE, 2, 1),)
    assert misses(asked, Person(1)) == (Miss(GRADE, 2, None),)
    assert misses(asked, Person(1, grade=2)) == ()


def test_who_is_on_duty_fits_as_one_in_working_hours():
    off, duty = Presence(OFF, NOW + 9 * HOUR), Presence(DUTY, NOW + HOUR)
    teams = {1: {1: off, 2: duty}}
    assert chosen(job(), teams, people(Person(1), Person(2, load=50))) == 2


@pytest.mark.parametrize(
    ("there", "due", "outcome"),
    [
        (Presence(OFF, NOW + 9 * HOUR), None, LATER),
        (Presence(OFF, NOW + 9 * HOUR), NOW + 10 * HOUR, LATER),
        (Presence(OFF, NOW + 9 * HOUR), NOW + 9 * HOUR, NOBODY),
        (Presence(AWAY, NOW + 9 * HOUR), NOW + 10 * HOUR, LATER),
        (Presence(AWAY, NOW + 9 * HOUR), None, NOBODY),
        (Presence(OFF, None), None, NOBODY),
        (THERE, NOW - HOUR, ASSIGNED),
    ],
)
def test_it_waits_for_who_comes_in_time_else_nobody_fits(there, due, outcome):
    work = job(due=due)
    found = rank(work, {1: team(1, there=there)}, people(Person(1)))
    assert decide(work, found).outcome == outcome


def test_it_never_waits_for_somebody_who_cannot_do_it():
    asked = Asked((Skill(FINANCE, 50, 2),))
    work = job(asked=asked)
    off = team(1, there=Presence(OFF, NOW + HOUR))
    assert decide(work, rank(work, {1: off}, people(Person(1)))).outcome == NOBODY
    assert decide(work, ()).outcome == NOBODY


def test_the_most_urgent_gets_the_free_one_and_work_is_shared():
    persons = people(Person(1), Person(2, load=2))
    jobs = [job(1), job(2, due=NOW + HOUR, priority="0"), job(3, priority="3")]
    choices = assign(jobs, {1: team(1, 2)}, persons, NOW)
    got = {ticket: choice.chosen.person.user for ticket, choice in choices.items()}
    # the due one first (1 point), then the very high one (5 points), then the rest
    assert got == {2: 1, 3: 1, 1: 2}


@pytest.mark.parametrize(
    ("priority", "state", "points"),
    [("0", "none", 1), ("1", "running", 2), ("3", "breached", 10), ("3", "paused", 1)],
)
def test_load_weighs_priority_and_what_is_about_to_breach(priority, state, points):
    assert weight(priority, state) == points


@pytest.mark.parametrize(
    ("due", "state", "answered", "back", "left"),
    [
        (NOW + HOUR, "running", False, NOW + 2 * HOUR, True),
        (NOW + 2 * HOUR, "running", False, NOW + HOUR, False),
        (NOW + 2 * HOUR, "at_risk", True, NOW + HOUR, True),
        (None, "none", False, NOW + HOUR, True),
        (None, "none", True, NOW + HOUR, False),
        (None, "none", True, None, True),
    ],
)
def test_what_cannot_wait_for_their_return_is_left_behind(
    due, state, answered, back, left
):
    assert is_left_behind(due, back, answered, state) is left


skills = st.lists(
    st.builds(Skill, st.integers(1, 3), st.sampled_from([0, 25, 50, 100]), st.just(1)),
    max_size=3,
    unique_by=lambda skill: skill.skill,
).map(tuple)
presences = st.builds(
    Presence,
    st.sampled_from([HERE, DUTY, OFF, AWAY]),
    st.one_of(st.none(), st.integers(1, 48).map(lambda hours: NOW + hours * HOUR)),
)
languages = st.sampled_from(["zh_CN", "en_US"])


@st.composite
def desks(draw):
    """Jobs, teams and people that know each other."""
    users = range(1, draw(st.integers(1, 6)) + 1)
    persons = people(
        *(
            Person(
                user,
                draw(skills),
                draw(st.one_of(st.none(), st.integers(1, 3))),
                draw(st.frozensets(languages)),
                draw(st.integers(0, 9)),
                last=draw(st.one_of(st.none(), st.just(NOW - HOUR))),
            )
            for user in users
        )
    )
    members = st.dictionaries(st.sampled_from(users), presences)
    teams = {number: draw(members) for number in (1, 2, 3)}
    jobs = [
        Job(
            ticket,
            tuple(draw(st.permutations([1, 2, 3]))[: draw(st.integers(0, 3))]),
            Asked(draw(skills), draw(st.one_of(st.none(), st.integers(1, 3)))),
            draw(st.one_of(st.none(), languages)),
            draw(st.one_of(st.none(), st.just(NOW + 3 * HOUR))),
            draw(st.sampled_from("0123")),
        )
        for ticket in range(1, draw(st.integers(1, 5)) + 1)
    ]
    return jobs, teams, persons


@given(desks())
def test_law_who_is_chosen_can_is_there_and_no_earlier_team_had_anybody(desk):
    jobs, teams, persons = desk
    for work in jobs:
        found = rank(work, teams, persons)
        choice = decide(work, found)
        assert {each.person.user for each in found} == {
            user for number in work.teams for user in teams[number]
        }
        fitting = [each for each in found if each.fits]
        assert (choice.outcome == ASSIGNED) == bool(fitting)
        if best := choice.chosen:
            assert not misses(work.asked, best.person)
            assert best.presence.is_there
            assert best.place == min(each.place for each in fitting)
            peers = [each for each in fitting if each.place == best.place]
            assert best.speaks or not any(each.speaks for each in peers)
            same = [each for each in peers if each.speaks == best.speaks]
            assert best.person.load == min(each.person.load for each in same)


@given(desks(), st.randoms(use_true_random=False))
def test_law_the_order_of_the_facts_does_not_matter(desk, random):
    jobs, teams, persons = desk
    expected = assign(jobs, teams, persons, NOW)
    shuffled, users = list(jobs), list(persons)
    random.shuffle(shuffled)
    random.shuffle(users)
    mixed = {
        number: dict(reversed(list(members.items())))
        for number, members in reversed(list(teams.items()))
    }
    again = assign(shuffled, mixed, {user: persons[user] for user in users}, NOW)
    assert again == expected


@given(desks())
def test_law_more_load_never_brings_more_work(desk):
    jobs, teams, persons = desk
    work = jobs[0]
    user = chosen(work, teams, persons)
    for other in set(persons) - {user}:
        heavier = {**persons, other: replace(persons[other], load=99)}
        assert chosen(work, teams, heavier) == user


@given(st.integers(1, 6), st.integers(0, 20))
def test_law_equal_tickets_are_shared_evenly(users, tickets):
    persons = people(*(Person(user) for user in range(1, users + 1)))
    jobs = [job(ticket) for ticket in range(tickets)]
    choices = assign(jobs, {1: team(*persons)}, persons, NOW)
    counts = dict.fromkeys(persons, 0)
    for choice in choices.values():
        counts[choice.chosen.person.user] += 1
    assert sum(counts.values()) == tickets
    assert max(counts.values()) - min(counts.values()) <= 1
