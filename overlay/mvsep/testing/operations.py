"""The operations of the service: from the fields of a request to the JSON of an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from attrs import field, frozen

from mvsep.pricing import formula
from mvsep.testing import algorithms, answers, refusals
from mvsep.testing.accounts import FREE_SEPARATIONS, Account
from mvsep.testing.answers import Json
from mvsep.testing.jobs import Job
from mvsep.testing.orders import Upload
from mvsep.testing.state import ServerState


@frozen
class Call:
    """A request, freed from HTTP.

    Args:
        state: The server.
        base: Scheme and host under which the client reached it.
        fields: Query parameters, and form fields of a POST, which come first. None is empty.
        files: Files that came with a form.
    """

    state: ServerState
    base: str
    fields: Mapping[str, str]
    files: Mapping[str, Upload] = field(factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """Return a field as text."""
        return self.fields.get(name, default)

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """Return a field as a number of 0 or more; the default where it is none."""
        text = self.text(name)
        value = int(text) if text.isdecimal() else default
        return value if most is None else min(value, most)

    def page(self) -> slice:
        """Return the part of a list asked for: 10 rows from the first unless said, at most 20."""
        start = self.number("start", 0)
        return slice(start, start + self.number("limit", 10, 20))

    def account(self) -> Account:
        """Return the token's account; 400 without one, as the profile calls answer."""
        return self.state.by_key(self.text("api_token"))


Operation = Callable[[Call], Json | list[Json]]


def _data(data: object) -> Json:
    return {"success": True, "data": data}


def separation_create(call: Call) -> Json:
    """Take a separation."""
    return answers.created(call.state.create(call.fields, call.files, call.base), call.base)


def separation_get(call: Call) -> Json:
    """Tell the state of a job. `mirror=1` costs a credit; that it answers alike is a guess."""
    now = call.state.clock()
    found = call.state.poll(call.text("hash"))
    if found is None:
        return answers.not_found()
    if call.text("mirror") == "1":
        account = call.state.by_token(call.text("api_token"))
        call.state.charge(account, formula.MIRROR_CREDITS)
    job, moment = found
    return answers.state_of(job, moment, now, call.base, len(call.state.waiting()))


def separation_get_remote(call: Call) -> Json:
    """Tell the state of a URL job before it has a hash of its own."""
    remote = call.state.poll_remote(call.text("hash"))
    return answers.not_found() if remote is None else answers.state_of_remote(remote, call.base)


def separation_cancel(call: Call) -> Json:
    """Cancel a job."""
    call.state.cancel(call.state.by_token(call.text("api_token")), call.text("hash"))
    return {"success": True}


def separation_delete(call: Call) -> Json:
    """Remove a job and its files."""
    call.state.delete(call.state.by_token(call.text("api_token")), call.text("hash"))
    return _data({"message": "successfully deleted"})


def app_algorithms(call: Call) -> list[Json]:
    """List the separation types."""
    return algorithms.rows(call.text("scopes"))


def app_queue(call: Call) -> Json:
    """Tell the length of the queues, and what the caller's own plan has left."""
    state = call.state
    waiting = [job.order.account.plan for job in state.waiting()]
    account = state.accounts.find(call.text("api_token"))
    plan = account.plan if account else "unregistered"
    queue = {name: waiting.count(name) for name in ("premium", "registered", "unregistered")}
    answer: Json = {
        "queue": {"in_process": len(state.processing()), **queue},
        "current": {"plan": plan, "queue": queue[plan]},
    }
    if account:
        left = state.free_separations_left(account)
        answer["free_separations"] = {"left": left, "max": FREE_SEPARATIONS}
    return answer


def app_queue_summary(call: Call) -> Json:
    """Tell the caller's place and waiting time; null seconds where there is no job."""
    state, now = call.state, call.state.clock()
    account = call.account()
    ahead, seconds = 0, None
    for job in state.pending(account):
        if isinstance(job, Job) and not job.schedule.polls:
            ahead = max(0, job.at(now).place - 1)
            seconds = max(0, round(job.created + job.schedule.waiting - now))
            break
    return {"success": True, "data": {"ahead": ahead, "estimated_wait_seconds": seconds}}


def app_news(call: Call) -> list[Json]:
    """List news of the sandbox, newest first."""
    lang = call.text("lang")
    return [item for item in _NEWS if lang in {"", item["lang"]}][call.page()]


def app_demo(call: Call) -> list[Json]:
    """List jobs that were made public with `is_demo`."""
    number = call.text("algorithm_id")
    options = {name: value for name, value in call.fields.items() if name.startswith("options[")}
    jobs = [
        job
        for job in call.state.demos()
        if number in {"", str(job.order.algorithm.id)}
        and options.items() <= {(f"options[{key}]", value) for key, value in job.order.options}
    ]
    return [answers.demo_row(job, call.base) for job in jobs[call.page()]]


def app_login(call: Call) -> Json:
    """Tell the profile, and with it the token, of an e-mail address and a password."""
    return _data(call.state.accounts.login(call.fields).profile())


def app_register(call: Call) -> Json:
    """Open a free account; the token comes with the login."""
    state = call.state
    account = state.accounts.register(call.fields, state.new_token(), state.clock())
    return {"success": True, "message": f"Account verification email sent to {account.email}"}


def app_user(call: Call) -> Json:
    """Tell the profile of a token."""
    account = call.account()
    pending = [{"hash": job.hash} for job in call.state.pending(account)]
    return _data({**account.profile(), "current_queue": pending, "copy_metadata": 0})


def app_separation_history(call: Call) -> Json:
    """List the caller's jobs, newest first."""
    now = call.state.clock()
    jobs = call.state.history(call.account())[call.page()]
    return _data([answers.history_row(job, now) for job in jobs])


def _switch(name: str, on: bool) -> Operation:
    """Make the operation that turns a switch of the account on or off."""

    def operation(call: Call) -> Json:
        setattr(call.account(), name, on)
        return {"success": True, "message": f"successfully {'enabled' if on else 'disabled'}"}

    return operation


def quality_checker_queue(call: Call) -> list[Json]:
    """List entries, newest first."""
    return call.state.quality.queue()[call.page()]


def quality_checker_leaderboard(call: Call) -> Json:
    """List measured entries, best first."""
    dataset, name = call.text("dataset_type", "0"), call.text("algo_name_filter")
    return call.state.quality.leaderboard(dataset, name, call.text("sort"), call.page())


def quality_checker_entry(call: Call) -> Json:
    """Tell one entry."""
    return _data(call.state.quality.entry(call.text("id")))


def quality_checker_add(call: Call) -> Json:
    """Take an entry into the queue."""
    state = call.state
    state.by_token(call.text("api_token"))
    number = state.quality.add(call.fields, "zipfile" in call.files, state.clock())
    link = f"{call.base}/api/quality_checker/entry?id={number}"
    return _data({"id": number, "link": link})


def quality_checker_delete(call: Call) -> Json:
    """Remove an entry; its password is enough."""
    call.state.quality.delete(call.text("id"), call.text("password"))
    return _data({"message": "successfully deleted"})


def purchases(call: Call) -> Json:
    """List the caller's purchases. Nobody has recorded what the service answers: a guess."""
    start, limit = call.number("offset", 0), call.number("limit", 20, 100)
    status = call.text("status", "all")
    found = [item for item in call.account().purchases if status in {"all", item["status"]}]
    return _data(found[start : start + limit])


def credit_alert(call: Call) -> Json:
    """Tell the balance at which an e-mail would be sent. The form of the answer is a guess."""
    return _data({"credit_threshold": call.account().credit_threshold})


def set_credit_alert(call: Call) -> Json:
    """Set that balance."""
    account = call.account()
    text = call.text("credit_threshold")
    if not text.isdecimal():
        raise refusals.by_fields({"credit_threshold": ["The credit threshold must be an integer."]})
    account.credit_threshold = int(text)
    return credit_alert(call)


def _news(number: int, lang: str, title: str, text: str) -> Json:
    date = f"2026-01-{number:02} 09:00:00"
    return {
        "id": number,
        "title": title,
        "lang": lang,
        "text": f"<p>{text}</p>",
        "status": 1,
        "created_at": date,
        "updated_at": date,
    }


_NEWS: Final = (
    _news(4, "ru", "Песочница", "Этот сервер имитирует MVSEP и ничего не стоит."),
    _news(3, "en", "The sandbox has a song", "A URL job separates it, whatever the URL."),
    _news(2, "ru", "Добро пожаловать", "Новости песочницы."),
    _news(1, "en", "Welcome", "This server plays MVSEP. Its credits are not real."),
)

OPERATIONS: Final[tuple[tuple[str, str, Operation], ...]] = (
    ("POST", "/api/separation/create", separation_create),
    ("GET", "/api/separation/get", separation_get),
    ("GET", "/api/separation/get-remote", separation_get_remote),
    ("POST", "/api/separation/cancel", separation_cancel),
    ("POST", "/api/separation/delete", separation_delete),
    ("GET", "/api/app/algorithms", app_algorithms),
    ("GET", "/api/app/queue", app_queue),
    ("GET", "/api/app/queue/summary", app_queue_summary),
    ("GET", "/api/app/news", app_news),
    ("GET", "/api/app/demo", app_demo),
    ("POST", "/api/app/login", app_login),
    ("POST", "/api/app/register", app_register),
    ("GET", "/api/app/user", app_user),
    ("GET", "/api/app/separation_history", app_separation_history),
    ("POST", "/api/app/enable_premium", _switch("premium_enabled", True)),
    ("POST", "/api/app/disable_premium", _switch("premium_enabled", False)),
    ("POST", "/api/app/enable_long_filenames", _switch("long_filenames_enabled", True)),
    ("POST", "/api/app/disable_long_filenames", _switch("long_filenames_enabled", False)),
    ("GET", "/api/quality_checker/queue", quality_checker_queue),
    ("GET", "/api/quality_checker/leaderboard", quality_checker_leaderboard),
    ("GET", "/api/quality_checker/entry", quality_checker_entry),
    ("POST", "/api/quality_checker/add", quality_checker_add),
    ("POST", "/api/quality_checker/delete", quality_checker_delete),
    ("GET", "/api/purchases", purchases),
    ("GET", "/api/credit_alert", credit_alert),
    ("POST", "/api/credit_alert", set_credit_alert),
)
