"""`Client()` and the store behind it: what ZenML's own tests of its secrets store expect of one, in our words. What differs
from version to version is in `people`."""

import time
import uuid
from contextlib import contextmanager
from datetime import timedelta

from people import ADMIN, Calls, user
from report import feature, refused
from room import strongroom, unused, values
from zenml.exceptions import EntityExistsError, IllegalOperationError, ZenKeyError


@contextmanager
def as_(person):
    with person.client() as client:
        yield Calls(client)


def names(page):
    return [secret.name for secret in page.items]


def ids(page):
    return {secret.id for secret in page.items}


@feature("values are read by id and name, and hidden in lists")
def hidden():
    with as_(ADMIN) as calls:
        wanted = {"user": "me", "token": "wört"}
        made = calls.create(unused(), wanted)
        assert made.secret_values == wanted == values(made.name)
        for known in [made.id, str(made.id), made.name]:
            assert calls.client.get_secret(known).secret_values == wanted
        assert list(made.values) == list(calls.client.get_secret(made.id).values) == ["user", "token"]
        (listed,) = calls.client.list_secrets(name=made.name).items
        assert listed.id == made.id and not listed.secret_values, listed


@feature("empty values are values")
def empty():
    with as_(ADMIN) as calls:
        made = calls.create(unused(), {"full": "text", "empty": ""})
        assert calls.client.get_secret(made.id).secret_values == {"full": "text", "empty": ""}
        calls.client.update_secret(made.name, add_or_update_values={"full": "", "empty": "text"})
        assert calls.client.get_secret(made.id).secret_values == {"full": "", "empty": "text"}


@feature("keys are changed, added, removed; what is not there may be removed")
def keys():
    with as_(ADMIN) as calls:
        made = calls.create(unused(), {"a": "1", "b": "2"})
        steps = [
            ({"a": "3"}, {"a": "3", "b": "2"}),
            ({"c": "4"}, {"a": "3", "b": "2", "c": "4"}),
            ({"b": None, "d": "5"}, {"a": "3", "c": "4", "d": "5"}),
            ({"unknown": None}, {"a": "3", "c": "4", "d": "5"}),
        ]
        for patch, wanted in steps:
            assert calls.patch(made.id, values=patch).secret_values == wanted
            assert calls.client.get_secret(made.id).secret_values == wanted
        changed = calls.client.update_secret(made.name, add_or_update_values={"a": "6"}, remove_values=["c"])
        assert changed.secret_values == {"a": "6", "d": "5"} == values(made.name)
        with refused(KeyError, None, "does not exist"):
            calls.client.update_secret(made.name, remove_values=["unknown"])
        with refused(ValueError, None):
            calls.client.update_secret(made.name, add_or_update_values={"a": "7"}, remove_values=["a"])
        assert values(made.name) == {"a": "6", "d": "5"}


@feature("a change of values or name moves the time of the update, and no other")
def times():
    with as_(ADMIN) as calls:
        made = calls.create(unused(), {"a": "1"})
        assert made.updated - made.created < timedelta(seconds=1)
        for change in [{"values": {"a": "2"}}, {"name": unused("renamed")}]:
            before = calls.client.get_secret(made.id)
            # Times may be whole seconds.
            time.sleep(1)
            after = calls.patch(made.id, **change)
            assert after.updated - before.updated >= timedelta(seconds=1), (before.updated, after.updated)
            again = calls.client.get_secret(made.id)
            assert (again.created, again.updated) == (made.created, after.updated)


@feature("a new name is found, the old one is not; a name that is taken is refused")
def renamed():
    with as_(ADMIN) as calls:
        made, other = calls.create(unused(), {"a": "1"}), calls.create(unused(), {"a": "2"})
        old, new = made.name, unused("renamed")
        assert calls.client.update_secret(old, new_name=new).name == new
        assert ids(calls.client.list_secrets(name=new)) == {made.id}
        assert not calls.client.list_secrets(name=old).items
        for call in [
            lambda: calls.client.update_secret(new, new_name=other.name),
            lambda: calls.create(new, {"a": "3"}),
        ]:
            with refused(EntityExistsError, None):
                call()
        assert calls.client.get_secret(made.id).name == new
        assert calls.client.get_secret(new).secret_values == {"a": "1"}


@feature("private and public secrets may share a name, by create or by rename")
def shared_names():
    with as_(ADMIN) as calls:
        public, private = calls.create(unused(), {"a": "1"}), calls.create(unused(), {"a": "2"}, private=True)
        for renaming, other in [(private, public), (public, private)]:
            before = renaming.name
            calls.patch(renaming.id, name=other.name)
            assert not calls.client.list_secrets(name=before).items
            assert ids(calls.client.list_secrets(name=other.name)) == {public.id, private.id}
            for is_private, one in [(True, private), (False, public)]:
                assert ids(calls.client.list_secrets(name=other.name, **calls.visible(is_private))) == {one.id}
                assert calls.exactly(other.name, is_private).id == one.id
            calls.patch(renaming.id, name=before)
        with refused(KeyError, None):
            calls.exactly(public.name, True)


@feature("private becomes public and back, unless the name is taken there")
def moved():
    with as_(ADMIN) as calls:
        made = calls.create(unused(), {"a": "1"})
        for is_private in [True, False]:
            assert calls.is_private(calls.move(made.name, is_private)) == is_private
            found = calls.client.get_secret(made.id)
            assert calls.is_private(found) == is_private and found.secret_values == {"a": "1"}
            assert made.id in ids(calls.client.list_secrets(name=made.name, **calls.visible(is_private)))
            assert not calls.client.list_secrets(name=made.name, **calls.visible(not is_private)).items
        private = calls.create(made.name, {"a": "2"}, private=True)
        for one, to in [(made, True), (private, False)]:
            with refused(EntityExistsError, None):
                calls.move(one.id, to)
            assert calls.is_private(calls.client.get_secret(one.id)) != to


@feature("public secrets are everybody's; private ones are absent for others, by any way")
def others():
    with as_(ADMIN) as calls:
        name = unused("whose")
        public, private = calls.create(name, {"a": "1"}), calls.create(name, {"a": "2"}, private=True)
    with as_(user(unused("other"))) as calls:
        assert ids(calls.client.list_secrets(name=name)) == {public.id}
        assert not calls.client.list_secrets(name=name, **calls.visible(True)).items
        assert calls.client.get_secret(name).secret_values == {"a": "1"}
        for call in [
            lambda: calls.client.get_secret(private.id),
            lambda: calls.exactly(name, True),
            lambda: calls.client.zen_store.get_secret(private.id),
            lambda: calls.patch(private.id, values={"a": "3"}),
            lambda: calls.client.zen_store.delete_secret(private.id),
            lambda: calls.client.zen_store.get_secret(uuid.uuid4()),
        ]:
            with refused(KeyError, None):
                call()
        with refused(IllegalOperationError, None):
            calls.move(public.id, True)
        mine = calls.create(name, {"a": "4"}, private=True)
        assert calls.exactly(name, True).id == mine.id
        calls.client.delete_secret(str(mine.id))
    with as_(ADMIN) as calls:
        assert calls.exactly(name, True).secret_values == {"a": "2"}


@feature("filters by name, id, visibility, time and user")
def filters():
    with as_(ADMIN) as calls:
        mark = unused("filtered")
        one, two = calls.create(f"{mark}-one", {"a": "1"}), calls.create(f"{mark}-one", {"a": "1"}, private=True)
        three, four = calls.create(f"{mark}-two", {"a": "1"}), calls.create(f"{mark}-two", {"a": "1"}, private=True)
        everything, me = {one.id, two.id, three.id, four.id}, calls.client.active_user.id
        listed = calls.client.list_secrets
        cases = [
            ({}, everything),
            ({"name": f"{mark}-one"}, {one.id, two.id}),
            ({"name": f"equals:{mark}-two"}, {three.id, four.id}),
            ({"name": f"startswith:{mark}"}, everything),
            ({"name": f"contains:{mark[1:]}-o"}, {one.id, two.id}),
            ({"name": f"endswith:{mark[3:]}-two"}, {three.id, four.id}),
            (calls.visible(False), {one.id, three.id}),
            (calls.visible(True) | {"name": f"{mark}-two"}, {four.id}),
            ({"id": one.id}, {one.id}),
            ({"id": f"startswith:{str(three.id)[:13]}"}, {three.id}),
            ({calls.of_user: me}, everything),
            ({calls.of_user: uuid.uuid4()}, set()),
            ({"created": f"gte:{one.created - timedelta(seconds=2):%Y-%m-%d %H:%M:%S}"}, everything),
            ({"updated": f"lt:{one.created - timedelta(seconds=2):%Y-%m-%d %H:%M:%S}"}, set()),
            ({"created": f"gt:{four.created + timedelta(days=1):%Y-%m-%d %H:%M:%S}"}, set()),
        ]
        for given, wanted in cases:
            found = ids(listed(size=500, **given))
            assert found & everything == wanted, (given, found)
            if mark in str(given.get("name")):
                assert found == wanted, (given, found)


@feature("pages and sorting by name, visibility and time")
def pages():
    with as_(ADMIN) as calls:
        mark = unused("paged")
        made = [
            calls.create(f"{word}-{mark}", {"a": "1"}, private=private)
            for word, private in [("b", False), ("a", True), ("d", False), ("c", True)]
        ]
        b, a, d, c = [secret.id for secret in made]

        def page(number, size, order):
            found = calls.client.list_secrets(name=f"endswith:-{mark}", page=number, size=size, sort_by=order)
            assert (found.index, found.max_size, found.total, found.total_pages) == (number, size, 4, -(-4 // size))
            return [secret.id for secret in found.items]

        assert page(1, 2, "asc:name") == [a, b] and page(2, 2, "asc:name") == [c, d]
        assert page(1, 3, "desc:name") == [d, c, b] and page(2, 3, "desc:name") == [a]
        assert page(1, 10, "name") == [a, b, c, d]
        assert set(page(1, 2, f"asc:{calls.visibility}")) in [{b, d}, {a, c}]
        assert set(page(1, 2, f"asc:{calls.visibility}")) == set(page(2, 2, f"desc:{calls.visibility}"))
        assert page(1, 4, "created") == [b, a, d, c]
        for secret in [b, a]:
            time.sleep(1)
            calls.patch(secret, values={"a": "2"})
        assert page(1, 2, "desc:updated") == [a, b]
        assert set(page(2, 2, "desc:updated")) == {c, d}
        with refused(ValueError, None):
            calls.client.list_secrets(name=f"endswith:-{mark}", page=9)


@feature("a name is found whole or in part, if asked for; ambiguous ones are refused")
def parts():
    with as_(ADMIN) as calls:
        mark = unused("part")
        one = calls.create(f"{mark}-one", {"a": "1"})
        assert calls.client.get_secret(mark).id == one.id
        with refused(KeyError, None):
            calls.client.get_secret(mark, allow_partial_name_match=False)
        assert calls.client.get_secret(str(one.id)[:8]).id == one.id
        with refused(KeyError, None):
            calls.client.get_secret(str(one.id)[:8], allow_partial_id_match=False)
        calls.create(f"{mark}-two", {"a": "1"})
        with refused(ZenKeyError, None, f"{mark}-one", f"{mark}-two"):
            calls.client.get_secret(mark)
        with refused(KeyError, None):
            calls.client.delete_secret(mark)
        assert len(calls.client.list_secrets(name=f"startswith:{mark}").items) == 2


@feature("more values than a secret may hold are refused, and leave what was there")
def large():
    with as_(ADMIN) as calls:
        made = calls.create(unused(), {"a": "x" * 40_000})
        assert len(calls.client.get_secret(made.id).secret_values["a"]) == 40_000
        with refused(ValueError, None):
            calls.client.update_secret(made.name, add_or_update_values={"b": "y" * 70_000})
        assert list(calls.client.get_secret(made.id).secret_values) == ["a"]
        with refused(ValueError, None):
            calls.create(unused(), {"a": "x" * 70_000})


@feature("a user who owns secrets is not deleted; without them the user is, and is signed out")
def deleted_users():
    leaver = user(unused("leaver"))
    with as_(leaver) as calls:
        secret, me = calls.create(unused(), {"a": "1"}, private=True), calls.client.active_user.id
    with as_(ADMIN) as calls:
        with refused(IllegalOperationError, None):
            calls.client.delete_user(leaver.name)
        with refused(KeyError, None):
            calls.client.get_secret(secret.id)
    with as_(leaver) as calls:
        calls.client.delete_secret(str(secret.id))
    with as_(ADMIN) as calls:
        calls.client.delete_user(leaver.name)
        assert not calls.client.list_secrets(**{calls.of_user: me}).items
    assert leaver.name not in [account["name"] for account in strongroom("user", "list")]
    leaver.secret("list", fails=True)
