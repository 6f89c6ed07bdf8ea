"""Made-up people, places and trades."""

from __future__ import annotations

from dataclasses import dataclass

REGION = "Willowmere"
NEIGHBOUR = "Lakeside"
ACCOUNTANTS = (("carla", "Carla Reed"), ("dora", "Dora Flint"), ("ernst", "Ernst Hazel"))

_FIRST_NAMES = """
Ada Bela Cyd Dina Emil Fay Gus Hana Ivo Jana Kim Lea Milo Nora Oto Pia Quin Rosa Sven Tara Udo Vera Wim Xenia Yara Zoe
Aron Britt Cleo Dario Edda Finn Greta Hugo Ines Jaro Kaja Levi Mara Nils Olga Pavel Rieke Sami Thea Ugo Vito Wanda Yann
Zita
"""
_LAST_NAMES = """
Birch Brook Clay Dale Elder Fern Grove Heath Ivy Juniper Knoll Linden Marsh Nettle Oak Pine Quarry Reed Sedge Thorn
Umber Vale Willow Yarrow Alder Bramble Cobble
"""
FIRST_NAMES = tuple(_FIRST_NAMES.split())
LAST_NAMES = tuple(_LAST_NAMES.split())
PLACES = (
    "Willowmere",
    "Hilltop",
    "Old Town",
    "Bridge",
    "Green Lane",
    "Station",
    "Meadow",
    "Harbour",
    "Quarry",
    "Mill Pond",
)

STREETS = ("Willow Row", "Green Lane", "Weir Street", "Orchard Hill", "Station Road", "Mill Lane")

OCCUPATIONS = {
    "baker": (10, 14),
    "carpenter": (11, 16),
    "cook": (10, 14),
    "driver": (10, 13),
    "electrician": (12, 17),
    "farmer": (9, 13),
    "mechanic": (11, 16),
    "miller": (10, 13),
    "nurse": (12, 18),
    "printer": (10, 14),
    "teacher": (12, 17),
    "weaver": (9, 13),
}
"""Least and most an hour is paid, in credits."""

SERVICES = (
    ("haircut", "Haircut"),
    ("piano-lesson", "Piano lesson"),
    ("child-care", "Child care"),
    ("translation", "Translation"),
    ("garden-help", "Help in the garden"),
    ("massage", "Massage"),
)


@dataclass(frozen=True, slots=True)
class Ware:
    """Something that companies offer for credits: its id, its name, its unit, and its price in units."""

    id: str
    product: str
    unit: str
    price: int
    kind: str = "product"


@dataclass(frozen=True, slots=True)
class Trade:
    """What a kind of company does.

    Attributes:
        id: Its id, which becomes that of its companies.
        name: What they are called, after their place.
        occupation: Of those who work there.
        product: What its plans make.
        unit: What one of it is.
        cost: Hundredths of an hour that one of it costs.
        wares: What it offers for credits.
        input: What it buys outside the region.
        equipment: What it needs.
        regional: Whether it belongs to the region instead of its workers.
        public: Whether its plans are public.
        school: Whether it is a school.
    """

    id: str
    name: str
    occupation: str
    product: str
    unit: str
    cost: int
    wares: tuple[Ware, ...]
    input: str
    equipment: str
    regional: bool = False
    public: bool = False
    school: bool = False


TRADES = (
    Trade(
        "Bakery", "Bakery", "baker", "Bread", "loaf", 35,
        (Ware("sourdough", "Sourdough loaf", "loaf", 420), Ware("cake", "Cake", "piece", 1_850)),
        "salt and yeast", "oven",
    ),
    Trade(
        "Farm", "Farm", "farmer", "Vegetables", "crate", 220,
        (Ware("vegetables", "Vegetables", "crate", 2_600), Ware("eggs", "Eggs", "dozen", 510)),
        "seed", "tractor",
    ),
    Trade(
        "School", "School", "teacher", "Lessons", "lesson", 60,
        (Ware("evening-course", "Evening course", "course", 1_200, "service"),),
        "books", "projector", regional=True, public=True, school=True,
    ),
    Trade(
        "Clinic", "Clinic", "nurse", "Consultation", "visit", 75,
        (Ware("physiotherapy", "Physiotherapy", "hour", 900, "service"),),
        "medicine", "x-ray", regional=True, public=True,
    ),
    Trade(
        "Mill", "Mill", "miller", "Flour", "sack", 140,
        (Ware("flour", "Flour", "sack", 2_100), Ware("oats", "Oat flakes", "kg", 340)),
        "millstones", "sifter",
    ),
    Trade(
        "Workshop", "Workshop", "mechanic", "Tools", "piece", 350,
        (Ware("repair", "Bicycle repair", "repair", 3_800, "service"), Ware("bicycle", "Bicycle", "piece", 34_000)),
        "ball bearings", "lathe",
    ),
    Trade(
        "Bakehouse", "Bakehouse", "baker", "Bread", "loaf", 43,
        (Ware("rye", "Rye bread", "loaf", 460), Ware("rolls", "Rolls", "dozen", 720)),
        "poppy seed", "mixer",
    ),
    Trade(
        "Energy", "Energy Works", "electrician", "Electricity", "100 kWh", 240,
        (Ware("power", "Electricity", "kWh", 25),),
        "copper wire", "turbine", regional=True,
    ),
    Trade(
        "Dairy", "Dairy", "farmer", "Cheese", "wheel", 420,
        (Ware("cheese", "Cheese", "kg", 1_690), Ware("milk", "Milk", "litre", 130)),
        "rennet", "churn",
    ),
    Trade(
        "Builders", "Builders", "carpenter", "Timber frames", "frame", 1_600,
        (Ware("repairs", "Repairs at home", "hour", 2_850, "service"), Ware("table", "Table", "piece", 21_000)),
        "nails and lime", "crane",
    ),
    Trade(
        "Kitchen", "Kitchen", "cook", "Meals", "meal", 45,
        (Ware("lunch", "Lunch", "meal", 850), Ware("dinner", "Dinner", "meal", 1_600)),
        "spices", "stove",
    ),
    Trade(
        "Weavers", "Weavers", "weaver", "Cloth", "metre", 120,
        (Ware("coat", "Coat", "piece", 12_000), Ware("blanket", "Blanket", "piece", 6_900)),
        "dye", "loom",
    ),
    Trade(
        "Transport", "Transport", "driver", "Rides", "ride", 20,
        (Ware("freight", "Freight", "trip", 1_500, "service"),),
        "tyres", "bus", regional=True, public=True,
    ),
    Trade(
        "Press", "Press", "printer", "Books", "book", 80,
        (Ware("book", "Book", "piece", 1_950), Ware("poster", "Poster", "piece", 900)),
        "paper", "press",
    ),
)  # fmt: skip


_UNCOUNTED = {"kg", "kWh", "100 kWh", "dozen"}
_PLURALS = {"loaf": "loaves"}


def counted(quantity: int, unit: str) -> str:
    """So many of a unit, as people write it: `1 loaf`, `3 loaves`, `2 kg`."""
    if quantity == 1 or unit in _UNCOUNTED:
        return f"{quantity} {'x ' if unit[0].isdigit() else ''}{unit}"
    return f"{quantity} {_PLURALS.get(unit, unit + 's')}"


def member_id(index: int) -> str:
    """The id of a member: `Ada`, and where all names are taken `Ada-2`."""
    again, name = divmod(index, len(FIRST_NAMES))
    return f"{FIRST_NAMES[name]}-{again + 1}" if again else FIRST_NAMES[name]


def member_name(index: int) -> str:
    """Her name as people say it."""
    again, name = divmod(index, len(FIRST_NAMES))
    return f"{FIRST_NAMES[name]} {LAST_NAMES[(name * 5 + again) % len(LAST_NAMES)]}"


def company_id(index: int) -> str:
    """The id of a company: `Bakery`, and where all trades are taken `Bakery-2`."""
    again, trade = divmod(index, len(TRADES))
    return f"{TRADES[trade].id}-{again + 1}" if again else TRADES[trade].id


def company_name(index: int) -> str:
    """Its name as people say it."""
    again, trade = divmod(index, len(TRADES))
    return f"{PLACES[again % len(PLACES)]} {TRADES[trade].name}"
