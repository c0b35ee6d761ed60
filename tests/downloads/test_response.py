from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.downloads.response import Complete, Follow, Head, Refuse, Renew, Retry, Take, judge

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


def head(status: int = 200, **headers: Any) -> Head:
    return Head(status, {name.replace("_", "-"): str(value) for name, value in headers.items()})


def part(start: int, last: int, total: object, **headers: Any) -> Head:
    return head(206, content_range=f"bytes {start}-{last}/{total}", **headers)


def test_a_whole_file_is_taken_from_the_start_whatever_is_there_already() -> None:
    assert judge(head(content_length=9, etag='"a"'), offset=4, validator='"b"', total=7) == Take(
        0, 9, 9, '"a"'
    )


def test_the_rest_is_taken_where_it_goes_on() -> None:
    verdict = judge(part(4, 8, 9, content_length=5), offset=4, validator='"a"', total=9)
    assert verdict == Take(4, 9, 9, '"a"')
    # No more than a bit of the rest.
    assert judge(part(4, 5, 9), offset=4, validator='"a"') == Take(4, 9, 6, '"a"')


@pytest.mark.parametrize(
    "answer",
    [
        part(0, 8, 9),  # from the start after all
        part(3, 8, 9),
        part(5, 8, 9),
        part(4, 9, 9),  # beyond its own end
        part(4, 3, 9),
        part(4, 9, 10),  # of a file of another size
        part(4, 8, "*"),
        part(4, 8, 9, content_length=4),
        part(4, 8, 9, etag='"b"'),
        part(4, 8, 9, content_encoding="gzip"),
        head(206),
        head(206, content_range="bytes x-y/z"),
        head(206, content_range="bytes */9"),
        head(206, content_type="multipart/byteranges; boundary=x"),
    ],
)
def test_another_part_than_was_asked_for_is_never_added(answer: Head) -> None:
    for verdict in (
        judge(answer, offset=4, validator='"a"', total=9),
        judge(answer, offset=4, validator='"a"', promised=9),
    ):
        assert isinstance(verdict, Retry)
        assert verdict.afresh


def test_nothing_beyond_the_end_means_that_all_is_there_only_where_it_is() -> None:
    def beyond(size: object, **known: int) -> object:
        answer = head(416, content_range=f"bytes */{size}")
        return judge(answer, offset=4, validator='"a"', **known)

    assert beyond(4) == beyond(4, total=4, promised=4) == Complete()
    for verdict in (
        beyond(3),
        beyond(5),
        beyond("x"),
        beyond(4, promised=5),
        beyond(4, total=5),
        judge(head(416)),
    ):
        assert isinstance(verdict, Retry)
        assert verdict.afresh


@pytest.mark.parametrize(
    ("verdict", "statuses"),
    [
        (Renew, (403, 404, 410)),
        (Follow, (301, 302, 303, 307, 308)),
        (Retry, (408, 429, 500, 502, 503, 504, 520, 599)),
        (Refuse, (201, 204, 205, 300, 304, 400, 401, 402, 405, 451)),
    ],
)
def test_each_status_has_its_verdict(verdict: type, statuses: tuple[int, ...]) -> None:
    for status in statuses:
        found = judge(head(status, location="/x", retry_after=7), offset=4, validator='"a"')
        assert type(found) is verdict
        if isinstance(found, Retry):
            assert (found.after, found.status, found.afresh) == (7.0, status, False)
        if isinstance(found, Refuse):
            assert not found.retryable
            assert str(status) in found.why
        if isinstance(found, Follow):
            assert found == Follow("/x", status)
            assert isinstance(judge(head(status)), Refuse)


def test_a_date_to_wait_until_is_read_by_the_time_the_answer_came() -> None:
    headers = {"retry-after": "Thu, 01 Jan 1970 00:01:40 GMT"}
    verdict = judge(Head(503, headers, came=70.0))

    assert isinstance(verdict, Retry)
    assert verdict.after == 30.0


@pytest.mark.parametrize(
    "answer",
    [
        head(content_length=4),  # not the length promised
        head(content_length=5, content_type="text/html; charset=UTF-8"),
        head(content_length=5, content_encoding="br"),
        head(content_length=5, content_encoding="gzip, gzip"),
    ],
)
def test_what_is_not_the_file_is_refused_before_a_byte_of_it_is_taken(answer: Head) -> None:
    assert isinstance(judge(answer, promised=5), Refuse)


def test_a_body_whose_end_does_not_show_is_taken_only_where_the_length_is_promised() -> None:
    assert isinstance(judge(head()), Refuse)
    assert judge(head(), promised=5) == Take(0, 5, None, None)
    assert judge(head(transfer_encoding="chunked")) == Take(0, None, None, None)
    assert judge(Head(200, {}, "HTTP/2")) == Take(0, None, None, None)
    assert isinstance(judge(Head(200, {}, "HTTP/1.0")), Refuse)


def test_the_length_of_coded_bytes_is_not_that_of_the_file_and_they_have_no_parts() -> None:
    answer = head(content_length=3, content_encoding="gzip", etag='"a"')
    assert judge(answer, promised=9) == Take(0, 9, None, None)
    assert isinstance(judge(answer), Refuse)
    assert head(content_encoding="identity", content_length=3).length == 3


@pytest.mark.parametrize(
    ("headers", "validator"),
    [
        ({"etag": '"65a-1"'}, '"65a-1"'),
        ({"etag": 'W/"65a-1"'}, None),
        ({"etag": "65a"}, None),
        ({"etag": '"a b"'}, None),
        ({"etag": '"a"b"'}, None),
        ({"etag": '"a"', "content_encoding": "gzip"}, None),
        ({"last_modified": DATE, "date": "Sun, 06 Nov 1994 08:50:37 GMT"}, DATE),
        ({"last_modified": DATE, "date": "Sun, 06 Nov 1994 08:50:36 GMT"}, None),
        ({"last_modified": DATE}, None),
        ({"last_modified": DATE, "date": "Sun, 06 Nov 1994 09:50:36"}, None),
        ({"last_modified": "yesterday", "date": DATE}, None),
        ({}, None),
    ],
)
def test_only_what_tells_two_versions_apart_for_sure_is_a_validator(
    headers: dict[str, str], validator: str | None
) -> None:
    assert head(**headers).validator == validator


def test_a_changed_date_is_another_version() -> None:
    assert head(last_modified=DATE.replace("37", "38")).is_another(DATE)
    assert not head(last_modified=DATE).is_another(DATE)
    assert not head().is_another(DATE)


numbers = st.integers(0, 12)
optional = st.none() | numbers


@given(
    status=st.sampled_from([200, 206, 416]),
    a=numbers,
    b=numbers,
    c=st.integers(0, 12) | st.just("*"),
    length=optional,
    offset=numbers,
    total=optional,
    promised=optional,
)
def test_what_is_taken_agrees_with_all_that_is_known(
    status: int,
    a: int,
    b: int,
    c: int | str,
    length: int | None,
    offset: int,
    total: int | None,
    promised: int | None,
) -> None:
    headers = {"content_range": f"bytes {a}-{b}/{c}", "transfer_encoding": "chunked"}
    if length is not None:
        headers["content_length"] = str(length)
    answer = head(status, **headers)
    verdict = judge(answer, offset=offset, validator='"a"', total=total, promised=promised)
    if isinstance(verdict, Take):
        assert verdict.start in {0, offset}
        assert promised in {None, verdict.total}
        assert verdict.end is None or length in {None, verdict.end - verdict.start}
        if verdict.start:
            assert total in {None, verdict.total}
