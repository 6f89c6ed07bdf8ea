"""Ids are readable, valid, unique and stable, whatever people call themselves."""

from __future__ import annotations

import re

import pytest

from conductor_bean.importers.workers_control.ids import APP_ACCOUNTANT, assign_ids
from conductor_bean.importers.workers_control.records import App, Cooperation, Party, Plan, Service, Tenure
from tests.importers.histories import plan

COMPONENT = re.compile(r"[A-Z0-9][A-Za-z0-9-]*", re.ASCII)
LINK = re.compile(r"[A-Za-z0-9\-_/.]+", re.ASCII)

ODD_NAMES = (
    "",
    " ",
    "-",
    "-ada-",
    "ada",
    "Ada",
    "ADA",
    "Ada Lovelace",
    "Ädä Lövelåce",
    "Große Bäckerei",
    "Łódź Ørsted",
    "Бакалея",
    "面包店",
    "👩‍🌾",
    "42",
    '"quoted"; option "x"',
    "a\nb",
    "x" * 1000,
    "O'Brien",
    "Assets:Members",
    "\x00",
    "\ud800",
    "Workers Control App",
)


def uuid(number: int) -> str:
    return f"{number:032x}"


def members(*names: str) -> App:
    return App(members=[Party(uuid(number), name, number) for number, name in enumerate(names, 1)])


@pytest.mark.parametrize("name", ODD_NAMES)
def test_every_name_makes_a_valid_id(name: str) -> None:
    app = members(name)
    app.cooperations = [Cooperation(uuid(2), 0, name, "", (Tenure(uuid(3), "", 0),), ())]
    app.accountants = [Party(uuid(4), name)]
    app.services = [Service(uuid(5), name, "", uuid(1), 0, None)]
    ids = assign_ids(app)
    for found in (*ids.members.values(), *ids.cooperations.values(), *ids.accountants.values()):
        assert COMPONENT.fullmatch(found)
        assert len(found) < 60
    assert LINK.fullmatch(ids.services[uuid(5)])


def test_ids_never_collide() -> None:
    names = [name for name in ODD_NAMES for _ in range(3)]
    app = members(*names)
    app.companies = [Party(uuid(number), name, number) for number, name in enumerate(names, 1)]
    app.accountants = [Party(uuid(number), name) for number, name in enumerate(names, 1)]
    app.plans = [plan(uuid(number), product=name) for number, name in enumerate(names, 1)]
    app.services = [Service(uuid(number), name, "", "", 0, None) for number, name in enumerate(names, 1)]
    ids = assign_ids(app)
    people = [*ids.members.values(), *ids.companies.values(), *ids.accountants.values()]
    things = [*ids.plans.values(), *ids.services.values()]
    assert len({name.lower() for name in people}) == 3 * len(names)
    assert len({name.lower() for name in things}) == 2 * len(names)
    assert APP_ACCOUNTANT not in people


def test_a_name_that_looks_like_another_ones_id_gets_an_id_of_its_own() -> None:
    first, second = "ab" * 16, "cd" * 16
    app = App(members=[Party(first, "Ada", 1), Party(second, "Ada", 2), Party("ef" * 16, "Ada cdcd", 0)])
    assert assign_ids(app).members == {first: "Ada", second: "Ada-cdcdcdcd", "ef" * 16: "Ada-cdcd"}


def test_an_id_stays_when_the_app_grows() -> None:
    before = assign_ids(members("Ada", "Bob")).members
    after = assign_ids(members("Ada", "Bob", "Ada", "Bob", "Cyd")).members
    assert after[uuid(3)] == "Ada-0000"
    assert {key: after[key] for key in before} == before


def test_names_are_spelled_as_their_readers_do() -> None:
    ids = assign_ids(members("Große Bäckerei", "Łódź", "O'Brien & Sons", "ada")).members
    assert list(ids.values()) == ["Grosse-Backerei", "Lodz", "OBrien-Sons", "Ada"]


def test_plans_of_one_name_are_told_apart_by_their_uuid() -> None:
    early, late = plan("ab" * 16, product="Bread", approved=1), plan("cd" * 16, product="bread!", approved=2)
    ids = assign_ids(App(plans=[late, early]))
    assert ids.plans == {early.uuid: "bread", late.uuid: "bread-cdcd"}
    assert isinstance(early, Plan)
