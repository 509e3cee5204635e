"""A masked fleet works as the real one does: look-ups, relations, the way back, and little work for what is old."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cockpit.engine.masked_fleet import MaskedFleet
from cockpit.engine.masking import Aliases
from cockpit.model.event import Event, EventKind
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.resource import Resource
from cockpit.model.service import Catalogue
from tests.engine.test_masking import FOLDER, masked, texts
from tests.ui import known
from tests.ui.fleet import fleet
from tests.ui.specs import CATALOGUE


def test_lookups_work_among_masked_parts() -> None:
    plain = fleet()
    shown = masked(plain)
    assert len(shown.environments) == len(plain.environments)
    for state, real in zip(shown.environments, plain.environments, strict=True):
        assert shown.environment(state.id) is state
        for key, cell in state.cells.items():
            assert all(
                slot in shown.observations for slot in cell.slots if real.cells[key].slots[0] in plain.observations
            )
            found = [
                (shown.resource(mask), plain.resource(one))
                for mask, one in zip(cell.resources, real.cells[key].resources, strict=True)
            ]
            assert all(mask.name == one.name if mask and one else mask is one for mask, one in found)
            assert all(shown.resource(one.resource) for one in cell.findings if one.resource)
    assert len({one.key for o in shown.observations.values() for one in o.resources}) == len(
        {one.key for o in plain.observations.values() for one in o.resources}
    )
    assert [(one.rule, one.health, one.since) for one in shown.findings] == [
        (one.rule, one.health, one.since) for one in plain.findings
    ]


def test_relations_lead_to_the_masked_resource() -> None:
    plain = fleet()
    slot, observation = next((s, o) for s, o in plain.observations.items() if len(o.resources) > 1)
    first, second = observation.resources[:2]
    tied = replace(first, related={"function": second.key, "watches": second.name})
    plain = replace(plain, observations={slot: replace(observation, resources=(tied, second))})
    shown = next(iter(masked(plain).observations.values())).resources
    assert shown[0].related == {"function": shown[1].key, "watches": shown[1].name}


def test_names_that_become_the_same_stay_apart() -> None:
    names = [f"team-{number}" for number in ("111122223333", "444455556666")]
    slots = [SlotId(name, "eu-west-1", "lambda") for name in names]
    parts = MaskedFleet(known.settings(read_only=True), CATALOGUE).parts
    shown = [parts.slot(one) for one in slots]
    assert [one.account for one in shown] == ["team-***", "team-***-2"]
    assert [parts.real_slot(one) for one in shown] == slots
    environments = [EnvironmentId("shop.acme.com", name) for name in names]
    masks = [parts.environment(one) for one in environments]
    assert len(set(masks)) == 2
    assert [parts.real_environment(one) for one in masks] == environments


def test_what_has_not_changed_is_not_masked_again() -> None:
    plain = fleet()
    house = MaskedFleet(known.settings(read_only=True), CATALOGUE)
    first = house.masked(plain)
    slot, changed = next((s, o) for s, o in plain.observations.items() if o.resources)
    grown = tuple(replace(one, series={}) for one in changed.resources)
    second = house.masked(replace(plain, observations={**plain.observations, slot: replace(changed, resources=grown)}))
    for key, observation in second.observations.items():
        if key == slot:
            assert all(not one.series for one in observation.resources)
            earlier = first.observations[key].resources
            assert all(new.facts is old.facts for new, old in zip(observation.resources, earlier, strict=True))
        else:
            assert observation is first.observations[key]


def test_keys_of_what_is_gone_are_forgotten() -> None:
    house = MaskedFleet(known.settings(read_only=True), Catalogue(()))
    plain = replace(fleet(functions=2), environments=())
    slot = SlotId("combo-dev", "eu-west-1", "lambda")
    base = plain.observations[slot]
    for number in range(40):
        made = tuple(Resource(f"arn:{number}:{i}", slot, "function", "f") for i in range(100))
        house.masked(replace(plain, observations={slot: replace(base, resources=made)}))
    assert len(house.parts.keys) < 2000


def test_what_people_said_is_told_without_their_names_and_notes() -> None:
    parts = MaskedFleet(known.settings(read_only=True), CATALOGUE).parts
    said = Mute("key", MuteKind.MUTED, "ann is ill", "ann", 1.0, 2.0, "shop/prod lambda checkout:live")
    shown = parts.part(said)
    assert (shown.by, shown.note, shown.until, shown.subject) == ("***", "", 2.0, said.subject)
    event = Event(1.0, EventKind.MUTED, None, None, "checkout:live", "muted until 15:00 by ann: known")
    assert parts.part(event).words == "muted"


def test_settings_tell_screens_nothing_private() -> None:
    plain = known.settings(read_only=True, state_dir=Path(FOLDER, "state"), sources=(f"{FOLDER}/profiles.toml",))
    shown = MaskedFleet(plain, CATALOGUE).settings
    found = list(texts(shown))
    assert not any(number in text for number in known.ACCOUNTS.values() for text in found)
    assert "ann" not in str(shown.state_dir) + str(shown.sources)
    assert [one.id for one in shown.environments] == [one.id for one in plain.environments]
    assert shown.read_only


def test_an_unknown_sort_of_value_is_left_out() -> None:
    parts = MaskedFleet(known.settings(read_only=True), CATALOGUE).parts
    assert parts.part(object()) is None


def test_aliases_lead_back() -> None:
    aliases = Aliases()
    assert [aliases.give("a", "x"), aliases.give("b", "x")] == ["x", "x-2"]
    assert (aliases.original("x-2"), aliases.known("a"), aliases.original("other")) == ("b", "x", "other")
    aliases.forget_all_but(["b"])
    assert (aliases.known("a"), aliases.original("x-2"), len(aliases)) == (None, "b", 1)
