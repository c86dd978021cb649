"""A device belongs to one trial at a time."""

import threading

import pytest

from curie.domain.errors import SandboxUnavailable
from curie.fleet.devices import DeviceLeases


def test_devices_are_handed_out_by_their_ids_and_come_back():
    leases = DeviceLeases(["GPU-a", "GPU-b"])
    with leases.lease(1) as one, leases.lease(1) as other:
        assert {*one, *other} == {"GPU-a", "GPU-b"}
    with leases.lease(2) as both:
        assert set(both) == {"GPU-a", "GPU-b"}


def test_no_device_is_held_twice_at_once():
    leases = DeviceLeases(["GPU-a", "GPU-b", "GPU-c"])
    held: set[str] = set()
    clashes = []
    lock = threading.Lock()

    def work() -> None:
        for count in (1, 2, 3, 1):
            with leases.lease(count) as mine:
                with lock:
                    clashes.extend(held & set(mine))
                    held.update(mine)
                with lock:
                    held.difference_update(mine)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert clashes == []
    assert held == set()


def test_more_than_there_are_is_refused_instead_of_waited_for():
    with pytest.raises(SandboxUnavailable, match="offers 1"), DeviceLeases(["GPU-a"]).lease(2):
        pass


def test_a_device_comes_back_even_if_the_trial_breaks():
    leases = DeviceLeases(["GPU-a"])
    with pytest.raises(RuntimeError), leases.lease(1):
        raise RuntimeError
    with leases.lease(1) as again:
        assert again == ("GPU-a",)


def test_no_device_can_be_had_by_those_who_want_none():
    with DeviceLeases([]).lease(0) as none:
        assert none == ()
