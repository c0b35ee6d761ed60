from __future__ import annotations

import pytest

from mvsep import AsyncMVSep, MVSep
from mvsep.errors import InvalidInput, InvalidToken
from mvsep.settings.client import Choices, ClientSettings, find_settings
from mvsep.settings.policies import PollPolicy


def opened(base_url: str | None = None, **environment: str) -> ClientSettings:
    return find_settings(None, base_url, environment)


def test_without_settings_it_is_the_public_service_without_a_token() -> None:
    found = opened()
    assert (found.base_url, found.host) == ("https://mvsep.com", "mvsep.com")
    assert found.token is None


def test_the_address_handed_over_wins_over_the_environment() -> None:
    assert opened(MVSEP_BASE_URL="https://de.mvsep.com").host == "de.mvsep.com"
    assert opened("https://de2.mvsep.com/", MVSEP_BASE_URL="https://x").host == "de2.mvsep.com"
    assert opened(MVSEP_BASE_URL="").host == "mvsep.com"


@pytest.mark.parametrize(
    "address",
    [
        "mvsep.com",
        "ftp://mvsep.com",
        "https://",
        "https://mvsep.com/api",
        "https://mvsep.com?x=1",
        "https://user:pass@mvsep.com",
        "https://mvsep.com:port",
        "http://[::1",
    ],
)
def test_what_can_not_be_an_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput, match="scheme and host only") as caught:
        opened(address)
    assert caught.value.param == "base_url"
    with pytest.raises(InvalidInput, match="scheme and host only") as caught:
        find_settings(None, None, {}, Choices(regions=["https://mvsep.com", address]))
    assert caught.value.param == "regions"


def test_plain_http_is_for_this_machine_only() -> None:
    with pytest.raises(InvalidInput, match="unencrypted"):
        opened("http://mvsep.com")
    for address in ("http://127.0.0.1:8000", "http://localhost", "http://[::1]:9"):
        assert opened(address).base_url == address


def test_a_server_on_this_machine_is_asked_briskly_unless_told_otherwise() -> None:
    slow = PollPolicy(initial=7)

    assert opened("http://127.0.0.1:8000").polling == PollPolicy.brisk()
    assert opened().polling == PollPolicy()
    assert find_settings(None, "http://127.0.0.1:1", {}, Choices(polling=slow)).polling is slow


def test_the_token_may_be_seen_by_the_services_hosts_and_the_chosen_one() -> None:
    assert opened("http://127.0.0.1:8000").hosts == {
        "127.0.0.1:8000",
        "mvsep.com",
        "de.mvsep.com",
        "de2.mvsep.com",
        "hk.mvsep.com",
        "sg.mvsep.com",
        "mirror.mvsep.com",
    }


@pytest.mark.parametrize("name", ["result_hosts", "regions"])
def test_one_host_in_place_of_a_list_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match=f"{name} is a list") as caught:
        find_settings(None, None, {}, Choices(**{name: "cdn.example.com"}))  # type: ignore[arg-type]
    assert caught.value.param == name


def test_a_host_that_stems_may_come_from_is_none_of_the_apis() -> None:
    settings = find_settings(None, None, {}, Choices(result_hosts=["CDN.example.com"]))

    assert settings.result_hosts - settings.hosts == {"cdn.example.com"}
    with pytest.raises(InvalidInput, match="not an address of the service's"):
        settings.at("https://cdn.example.com")
    assert settings.address_of_job("https://cdn.example.com/job?hash=h") == "https://mvsep.com"


@pytest.mark.parametrize("client", [MVSep, AsyncMVSep])
def test_a_client_refuses_a_bad_token_and_shows_no_good_one(client: type) -> None:
    with pytest.raises(InvalidToken):
        client("with space")
    made = client("SECRETsecret", base_url="http://127.0.0.1:1")

    assert repr(made) == f"{client.__name__}(base_url='http://127.0.0.1:1')"
    assert "SECRET" not in repr(vars(made)) + repr(made.settings)
