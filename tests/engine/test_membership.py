"""Which resources belong to which environments."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from cockpit.config.settings import Settings
from cockpit.engine.membership import Membership, memberships
from cockpit.engine.remembered import Remembered
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.snapshot import Link
from cockpit.model.verdict import Outcome
from tests.engine.house import CATALOGUE, IDS, account, environment, failure, seen, settings, slot, target, thing

WATCHING = slot("alarms")


def belonging(configured: Settings, observations: Mapping[SlotId, Observation]) -> dict[str, dict[str, list[str]]]:
    """Environment → service → names, templates left out."""
    found = memberships(configured, CATALOGUE, observations)
    return {
        one.environment.id.environment: {
            key: [resource.name for resource in part.resources] for key, part in one.parts.items()
        }
        for one in found
        if not one.template
    }


def only(configured: Settings, observations: Mapping[SlotId, Observation]) -> Membership:
    (one,) = memberships(configured, CATALOGUE, observations)
    return one


def alarm(name: str, watches: str | None = None, service: str = "things", children: str = "") -> Resource:
    related = ({"watches": watches} if watches else {}) | ({"children": children} if children else {})
    kind = "composite_alarm" if children else "metric_alarm"
    return Resource(
        f"arn:alarm:{name}", WATCHING, kind, name, {"watched_service": service, "in_alarm": True}, related=related
    )


class TestSelectors:
    @pytest.mark.parametrize(
        ("selectors", "expected"),
        [
            ({}, ["a-1", "a-2", "b-1"]),
            ({"names": ("a-*",)}, ["a-1", "a-2"]),
            ({"names": ("A-*",)}, []),
            ({"names": ("a-1", "b-?")}, ["a-1", "b-1"]),
            ({"tags": {"stage": "pr*"}}, ["a-1", "b-1"]),
            ({"tags": {"stage": "*", "team": "web"}}, ["b-1"]),
            ({"stacks": ("shop-*",)}, ["a-1"]),
            ({"names": ("a-*",), "tags": {"stage": "dev"}}, ["a-2"]),
            ({"names": ("a-*",), "tags": {"stage": "prod"}, "stacks": ("other",)}, []),
        ],
    )
    def test_all_that_are_given_must_match(self, selectors: dict[str, object], expected: list[str]) -> None:
        resources = (
            thing("a-1", tags={"stage": "prod"}, stack="shop-prod"),
            thing("a-2", tags={"stage": "dev"}),
            thing("b-1", tags={"stage": "prod", "team": "web"}),
        )
        configured = settings(environment("prod", target(**selectors)))
        assert belonging(configured, seen(*resources))["prod"]["things"] == expected

    def test_one_account_serves_several_environments_and_one_environment_several_accounts(self) -> None:
        configured = settings(
            environment("prod", target("shop", names=("prod-*",)), target("media", names=("prod-*",))),
            environment("dev", target("shop", names=("dev-*",))),
        )
        media = slot(account_name="media")
        observations = seen(thing("prod-a"), thing("dev-a")) | seen(
            thing("prod-m", where=media), thing("dev-m", where=media)
        )
        found = belonging(configured, observations)
        assert found == {"prod": {"things": ["prod-a", "prod-m"]}, "dev": {"things": ["dev-a"]}}

    def test_what_is_shared_belongs_to_everyone(self) -> None:
        configured = settings(environment("a", target(names=("a-*",))), environment("b", target(names=("b-*",))))
        limits = thing("limits", kind="account", shared=True)
        found = belonging(configured, seen(limits, thing("a-1"), thing("b-1")))
        assert found == {"a": {"things": ["limits", "a-1"]}, "b": {"things": ["limits", "b-1"]}}

    def test_what_has_an_owner_follows_it_by_name_or_key(self) -> None:
        own = thing("a-1")
        resources = (
            own,
            thing("b-1"),
            thing("live", kind="alias", related={"thing": own.key}),
            thing("b-alias", kind="alias", related={"thing": "b-1"}),
            thing("alias of an alias", kind="alias", related={"thing": "live"}),
        )
        configured = settings(environment("a", target(names=("a-*",))))
        assert belonging(configured, seen(*resources))["a"]["things"] == ["a-1", "live", "alias of an alias"]

    def test_selectors_decide_about_what_has_no_owner_in_sight(self) -> None:
        orphans = (
            thing("a-dead", kind="dlq"),
            thing("a-lost", kind="dlq", related={"thing": "gone"}),
            thing("b-dead", kind="dlq"),
        )
        configured = settings(environment("a", target(names=("a-*",))))
        assert belonging(configured, seen(*orphans))["a"]["things"] == ["a-dead", "a-lost"]

    def test_a_selector_that_finds_nothing_is_told(self) -> None:
        configured = settings(environment("a", target(names=("a-*",)), target(names=("typo-*",))))
        assert only(configured, seen(thing("a-1"))).parts["things"].unmatched == ("names typo-*",)

    def test_a_selector_is_not_blamed_for_what_was_never_seen(self) -> None:
        configured = settings(environment("a", target(names=("a-*",), regions=("eu-west-1", "eu-west-2"))))
        assert only(configured, seen(thing("b"))).parts["things"].unmatched == ()
        both = seen(thing("b")) | seen(at=slot(region="eu-west-2"))
        assert only(configured, both).parts["things"].unmatched == ("names a-*",)
        one_is_enough = seen(thing("a-1")) | seen(at=slot(region="eu-west-2"))
        assert only(configured, one_is_enough).parts["things"].unmatched == ()


class TestAlarms:
    CONFIGURED = settings(
        environment("a", target(services=("things", "alarms"), names=("a-*",))),
        environment("b", target(services=("things", "alarms"), names=("b-*",))),
    )
    THINGS = seen(thing("a-1"), thing("b-1"))

    def alarms(self, *alarms: Resource, things: Mapping[SlotId, Observation] | None = None) -> dict[str, list[str]]:
        observations = dict(self.THINGS if things is None else things) | seen(*alarms)
        return {name: parts["alarms"] for name, parts in belonging(self.CONFIGURED, observations).items()}

    def test_belong_where_the_thing_that_they_watch_belongs(self) -> None:
        found = self.alarms(alarm("x", "a-1"), alarm("y", "b-1"), alarm("by key", self.THINGS[slot()].resources[0].key))
        assert found == {"a": ["x", "by key"], "b": ["y"]}

    def test_belong_where_the_selectors_match_their_own_name(self) -> None:
        assert self.alarms(alarm("a-errors"), alarm("b-slow", "a-1")) == {"a": ["a-errors", "b-slow"], "b": ["b-slow"]}

    def test_that_watch_a_namesake_of_another_service_do_not_belong(self) -> None:
        assert self.alarms(alarm("x", "a-1", service="rds")) == {"a": [], "b": []}

    def test_composites_belong_where_any_child_does(self) -> None:
        both = alarm("both", children="x,y")
        top = alarm("top", children="both")
        found = self.alarms(top, both, alarm("x", "a-1"), alarm("y", "b-1"), alarm("orphan", children="gone"))
        assert found == {"a": ["top", "both", "x"], "b": ["top", "both", "y"]}

    def test_all_belong_to_the_only_environment_of_an_account(self) -> None:
        configured = settings(environment("a", target(services=("things", "alarms"), names=("a-*",))))
        observations = dict(self.THINGS) | seen(alarm("nobody's"), alarm("x", "b-1"))
        assert belonging(configured, observations)["a"]["alarms"] == ["nobody's", "x"]

    def test_the_watched_name_decides_while_the_watched_slot_was_never_seen(self) -> None:
        denied = seen(outcome=Outcome.DENIED, failures=[failure()], age=None)
        for things in ({}, denied):
            assert self.alarms(alarm("x", "a-7"), alarm("y", "c-7"), things=things) == {"a": ["x"], "b": []}


class TestDiscovered:
    @staticmethod
    def configured() -> Settings:
        template = environment("pr{number}", target(names=("shop-pr{number}-*",)), pattern=r"shop-pr(?P<number>\d+)-")
        return settings(environment("prod", target(names=("shop-prod-*",))), templates=[template])

    def test_each_distinct_match_is_an_environment_in_natural_order(self) -> None:
        things = [thing(f"shop-{name}-web") for name in ("pr10", "pr9", "prod")] + [thing("shop-pr9-api")]
        found = belonging(self.configured(), seen(*things))
        assert list(found) == ["prod", "pr9", "pr10"]
        assert found["pr9"]["things"] == ["shop-pr9-web", "shop-pr9-api"]

    def test_one_vanishes_with_its_resources_and_stays_while_they_cannot_be_seen(self) -> None:
        configured, things = self.configured(), (thing("shop-prod-web"), thing("shop-pr9-web"))
        assert "pr9" not in belonging(configured, seen(things[0]))
        assert "pr9" in belonging(configured, seen(*things, outcome=Outcome.EXPIRED, age=500))

    def test_name_title_selectors_and_links_are_filled_in(self) -> None:
        template = environment(
            "pr{number}",
            target(names=("*-{number}",), tags={"pr": "{number}"}, stacks=("shop-{number}",)),
            pattern=r"pr-(?P<number>\d+)",
            links=(Link("Web", "https://pr{number}.shop.example/{path}"),),
        )
        observations = seen(
            thing("pr-7", tags={"pr": "7"}, stack="shop-7"), thing("x-7", tags={"pr": "7"}, stack="shop-8")
        )
        made = next(
            one for one in memberships(settings(templates=[template]), CATALOGUE, observations) if one.discovered
        )
        assert str(made.environment.id) == "shop/pr7"
        assert made.environment.title == "shop pr7"
        assert made.environment.links[0].url == "https://pr7.shop.example/{path}"
        assert [one.name for one in made.parts["things"].resources] == ["pr-7"]

    def test_what_was_captured_is_meant_literally(self) -> None:
        template = environment("{name}", target(names=("{name}",)), pattern=r"^(?P<name>.*)-web$")
        found = belonging(settings(templates=[template]), seen(thing("[a]*-web"), thing("[a]*"), thing("a")))
        assert found == {"[a]*": {"things": ["[a]*"]}}

    def test_stack_names_are_searched_where_the_template_selects_by_stack(self) -> None:
        by_stack = environment("pr{n}", target(stacks=("shop-pr{n}",)), pattern=r"shop-pr(?P<n>\d+)$")
        by_name = environment("pr{n}", target(names=("x*",)), pattern=r"shop-pr(?P<n>\d+)$")
        things = seen(thing("x1", stack="shop-pr5"))
        assert belonging(settings(templates=[by_stack]), things) == {"pr5": {"things": ["x1"]}}
        assert belonging(settings(templates=[by_name]), things) == {}

    def test_followers_and_shared_things_make_no_environment(self) -> None:
        others = (
            thing("shop-pr3-alias", kind="alias", related={"thing": "x"}),
            thing("shop-pr4-x", kind="account", shared=True),
        )
        assert list(belonging(self.configured(), seen(*others))) == ["prod"]

    def test_shared_things_make_no_environment_where_everything_can_be_selected(self) -> None:
        template = environment("pr{n}", target(services=("edge",)), pattern=r"pr(?P<n>\d+)")
        edge = slot("edge", region="us-east-1")
        assert belonging(settings(templates=[template]), seen(thing("pr4", where=edge, shared=True))) == {}
        assert list(belonging(settings(templates=[template]), seen(thing("pr4", where=edge)))) == ["pr4"]

    def test_a_configured_environment_is_never_shadowed(self) -> None:
        template = environment("{stage}", target(names=("shop-{stage}-*",)), pattern=r"shop-(?P<stage>\w+)-")
        configured = settings(environment("prod", target(names=("shop-prod-*",)), protected=True), templates=[template])
        found = memberships(configured, CATALOGUE, seen(thing("shop-prod-web"), thing("shop-qa-web")))
        named = {one.environment.id.environment: one for one in found if not one.template}
        assert set(named) == {"prod", "qa"}
        assert named["prod"].environment.protected

    def test_previews_keep_unmatched_alarms_from_being_anybodys(self) -> None:
        both = ("things", "alarms")
        template = environment("pr{n}", target(services=both, names=("pr{n}-*",)), pattern=r"pr(?P<n>\d+)-")
        configured = settings(environment("prod", target(services=both, names=("prod-*",))), templates=[template])
        alone = belonging(configured, seen(thing("prod-a")) | seen(alarm("loose")))
        shared = belonging(configured, seen(thing("prod-a"), thing("pr1-a")) | seen(alarm("loose")))
        assert alone["prod"]["alarms"] == ["loose"]
        assert (shared["prod"]["alarms"], shared["pr1"]["alarms"]) == ([], [])


class TestBills:
    PAYER = slot("cost", "shop", "us-east-1")

    def bill(self, name: str, tag_value: str | None = None) -> Resource:
        facts = {"account_id": IDS[name], "tag_value": tag_value}
        return Resource(f"bill:{name}:{tag_value}", self.PAYER, "bill", f"{name} {tag_value}", facts)

    def test_go_to_the_environments_of_their_account(self) -> None:
        accounts = [account("prod", payer="shop"), account("dev", payer="shop")]
        configured = settings(
            environment("prod", target("prod", services=("cost",))),
            environment("dev", target("dev", services=("cost",))),
            accounts=accounts,
        )
        found = belonging(configured, seen(self.bill("prod"), self.bill("dev"), self.bill("media")))
        assert found == {"prod": {"cost": ["prod None"]}, "dev": {"cost": ["dev None"]}}

    def test_are_told_apart_by_the_cost_tag_in_a_shared_account(self) -> None:
        configured = settings(
            environment("dev", target(services=("cost",))),
            environment("staging", target(services=("cost",), tags={"stage": "st*"})),
            accounts=[account("shop", cost_tag="stage")],
        )
        bills = [self.bill("shop"), self.bill("shop", "dev"), self.bill("shop", "stage-2")]
        found = belonging(configured, seen(*bills))
        assert found == {"dev": {"cost": ["shop dev"]}, "staging": {"cost": ["shop stage-2"]}}

    def test_an_environment_alone_in_its_account_takes_it_all(self) -> None:
        configured = settings(
            environment("dev", target(services=("cost",))), accounts=[account("shop", cost_tag="stage")]
        )
        assert belonging(configured, seen(self.bill("shop"), self.bill("shop", "dev")))["dev"]["cost"] == ["shop None"]


def test_what_is_remembered_changes_nothing_but_time() -> None:
    remembered = Remembered()
    configured = settings(
        environment("a", target(services=("things", "alarms"), names=("a-*",))),
        templates=[environment("pr{n}", target(names=("pr{n}-*",)), pattern=r"pr(?P<n>\d+)-")],
    )
    rounds = [
        {},
        seen(),
        {},
        seen(thing("a-1"), thing("pr1-x")),
        seen(thing("a-1"), thing("a-2")) | seen(alarm("x", "a-2")),
        seen(thing("a-2"), thing("pr2-x")) | seen(alarm("x", "a-1")),
        seen(),
    ]
    for observations in rounds:
        fresh = memberships(configured, CATALOGUE, observations)
        kept = memberships(configured, CATALOGUE, observations, remembered)
        again = memberships(configured, CATALOGUE, observations, remembered)
        remembered.turn()
        assert fresh == kept == again
        assert all(
            a.parts[key] is b.parts[key] for a, b in zip(kept, again, strict=True) for key in a.parts if not a.template
        )
