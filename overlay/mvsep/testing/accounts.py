"""Accounts of the fake server: their credits, their switches, their profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import define, field

from mvsep.testing import refusals
from mvsep.testing.schedule import server_date

DEMO_TOKEN = "DEMOdemoDEMOdemoDEMOdemo000000"  # noqa: S105 - opens nothing but this fake
FREE_TOKEN = "FREEfreeFREEfreeFREEfree000000"  # noqa: S105 - the same
EXAMPLE_TOKEN = "EXAMPLEexampleEXAMPLEexample00"  # noqa: S105 - that of the contract's examples
FREE_SEPARATIONS = 50  # a day, for a registered account without premium


@define
class Account:
    """An account of the fake server.

    Args:
        token: Its api_token.
        name: The name shown.
        email, password: Its login.
        credits: Credits left; the service calls them `premium_minutes`.
        premium_enabled: Whether credits may be spent.
        long_filenames_enabled: Whether files are named at length.
        credit_threshold: The balance at which an e-mail would be sent; 0 is never.
        purchases: The rows of app/purchases, newest first.
        created: Seconds since 1970.
    """

    token: str
    name: str = "Demo"
    email: str = "demo@example.com"
    password: str = field(default="demo-password", repr=False)
    credits: int = 0
    premium_enabled: bool = False
    long_filenames_enabled: bool = False
    credit_threshold: int = 0
    purchases: list[dict[str, object]] = field(factory=list)
    created: float = 1_700_000_000.0

    @property
    def premium(self) -> bool:
        """True if its jobs are paid with credits: premium is on and credits are left."""
        return self.premium_enabled and self.credits > 0

    @property
    def plan(self) -> str:
        """The name of its plan."""
        return "premium" if self.premium else "registered"

    def profile(self) -> dict[str, object]:
        """Return what login and app/user show."""
        return {
            "name": self.name,
            "email": self.email,
            "api_token": self.token,
            "created_at": server_date(self.created),
            "updated_at": server_date(self.created),
            "premium_minutes": self.credits,
            "premium_enabled": int(self.premium_enabled),
            "long_filenames_enabled": int(self.long_filenames_enabled),
        }


def demo_account(token: str = DEMO_TOKEN) -> Account:
    """Make a premium account with 1000 credits, and the purchase that they came from."""
    bought = {
        "id": 1,
        "status": "succeeded",
        "credits": 1000,
        "amount": "0.00",
        "currency": "EUR",
        "created_at": "2026-01-01 00:00:00",
    }
    return Account(token, credits=1000, premium_enabled=True, purchases=[bought])


def free_account(token: str = FREE_TOKEN) -> Account:
    """Make a registered account that never bought credits."""
    return Account(token, name="Free", email="free@example.com")


def example_account() -> Account:
    """Make the account that the contract's examples name, a premium one."""
    account = demo_account(EXAMPLE_TOKEN)
    account.name, account.email = "Example User", "user@example.com"
    account.password = "example-password"  # noqa: S105 - opens nothing but this fake
    return account


class Accounts:
    """All accounts, found by token or by login."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._by_token = {account.token: account for account in accounts}

    def find(self, token: str) -> Account | None:
        """Return the account of a token, if there is one."""
        return self._by_token.get(token)

    def login(self, form: Mapping[str, str]) -> Account:
        """Return the account of an e-mail address and its password.

        Raises:
            Refusal: A field is missing, or the two do not belong together.
        """
        missing = [name for name in ("email", "password") if not form.get(name)]
        if missing:
            raise refusals.by_fields(refusals.required(*missing))
        for account in self._by_token.values():
            if (account.email, account.password) == (form["email"], form["password"]):
                return account
        raise refusals.by_message(refusals.WRONG_CREDENTIALS)

    def register(self, form: Mapping[str, str], token: str, now: float) -> Account:
        """Open a free account. The fake sends no e-mail: the account can be used at once.

        Raises:
            Refusal: The form has errors.
        """
        names = ("name", "email", "password", "password_confirmation")
        problems = refusals.required(*(name for name in names if not form.get(name)))
        if "password" not in problems and form["password"] != form.get("password_confirmation"):
            problems["password"] = ["The password confirmation does not match."]
        if any(account.email == form.get("email") for account in self._by_token.values()):
            problems["email"] = ["The email has already been taken."]
        if problems:
            raise refusals.by_fields(problems)
        account = Account(token, form["name"], form["email"], form["password"], created=now)
        self._by_token[token] = account
        return account
