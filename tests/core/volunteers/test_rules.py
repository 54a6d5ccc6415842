"""Who gets in when, how many minutes count, which code opens, how many stars shine."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import YijiError
from core.volunteers import errors
from core.volunteers.rules import absences, codes, terms, witnesses
from core.volunteers.rules.flows import ABSENT, CANCELLED, LEFT, PLACED, PLANNED, PRESENT, WAITING
from core.volunteers.rules.terms import Span, Terms

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SHIFT = Span(NOON, NOON + 2 * HOUR)
TERMS = Terms(
    daily_minutes=480,
    early=30 * MINUTE,
    late=60 * MINUTE,
    record=30 * DAY,
    backfill=30 * DAY,
    absences=3,
    absent_within=100 * DAY,
    pause=30 * DAY,
    upload=24 * HOUR,
    radius_m=200,
)
SECRET = b"only for tests"


def test_a_shift_lies_ahead_within_a_year_and_lasts_a_minute_to_half_a_day() -> None:
    before = NOON - MINUTE
    for span, refusal in (
        (SHIFT, None),
        (Span(NOON, NOON + 12 * HOUR), None),
        (Span(NOON, NOON + MINUTE), None),
        (Span(NOON, NOON), errors.ShiftLengthWrong),
        (Span(NOON, NOON - HOUR), errors.ShiftLengthWrong),
        (Span(NOON, NOON + 12 * HOUR + MINUTE), errors.ShiftLengthWrong),
        (Span(before, NOON), errors.ShiftInThePast),
        (Span(before + 365 * DAY, before + 365 * DAY + HOUR), None),
        (Span(NOON + 365 * DAY, NOON + 365 * DAY + HOUR), errors.ShiftTooFar),
    ):
        _expect(refusal, lambda span=span: terms.check_shift(span, before))


def _expect(refusal: type[YijiError] | None, act) -> None:
    if refusal is None:
        act()
    else:
        with pytest.raises(refusal):
            act()


def test_places_are_given_until_the_beginning() -> None:
    terms.check_still_open(PLANNED, SHIFT, NOON - MINUTE)
    with pytest.raises(errors.ShiftBegun):
        terms.check_still_open(PLANNED, SHIFT, NOON)
    with pytest.raises(errors.ShiftCancelled):
        terms.check_still_open(CANCELLED, SHIFT, NOON - MINUTE)


def test_who_signs_up_declares_to_be_fit_and_agrees() -> None:
    terms.check_declared(agreed=True, meets=True)
    with pytest.raises(errors.RequirementsNotMet):
        terms.check_declared(agreed=True, meets=False)
    with pytest.raises(errors.AgreementNotAccepted):
        terms.check_declared(agreed=False, meets=True)


@pytest.mark.parametrize(
    ("state", "at", "refusal"),
    [
        (PLACED, NOON - 30 * MINUTE, None),
        (PLACED, NOON - 31 * MINUTE, errors.TooEarlyToCheckIn),
        (PLACED, SHIFT.ends_at - MINUTE, None),
        (PLACED, SHIFT.ends_at, errors.TooLateToCheckIn),
        (WAITING, NOON, errors.NoPlace),
        (LEFT, NOON, errors.NoPlace),
    ],
)
def test_the_door_opens_shortly_before_and_closes_at_the_end(
    state: str, at: datetime, refusal: type[YijiError] | None
) -> None:
    _expect(refusal, lambda: terms.check_in(state, SHIFT, TERMS, at))


@pytest.mark.parametrize(
    ("state", "at", "refusal"),
    [
        (PRESENT, NOON, None),
        (PRESENT, SHIFT.ends_at + HOUR, None),
        (PRESENT, SHIFT.ends_at + HOUR + MINUTE, errors.TooLateToCheckOut),
        (PLACED, NOON, errors.NoPlace),
        (LEFT, NOON, errors.CheckedOutAlready),
    ],
)
def test_one_checks_out_until_an_hour_after(
    state: str, at: datetime, refusal: type[YijiError] | None
) -> None:
    _expect(refusal, lambda: terms.check_out(state, SHIFT, TERMS, at))


def test_only_what_lies_in_the_shift_is_served() -> None:
    assert terms.served(SHIFT, NOON - 20 * MINUTE, SHIFT.ends_at + HOUR) == 120
    assert terms.served(SHIFT, NOON + timedelta(minutes=9, seconds=1), SHIFT.ends_at) == 110
    assert terms.served(SHIFT, NOON, None) == terms.served(SHIFT, None, NOON) == 0
    assert terms.served(SHIFT, SHIFT.ends_at + MINUTE, SHIFT.ends_at + HOUR) == 0


def test_minutes_stand_where_somebody_came_and_never_outside_the_shift() -> None:
    assert terms.served_span(SHIFT, NOON + HOUR, 60) == Span(NOON + HOUR, SHIFT.ends_at)
    assert terms.served_span(SHIFT, NOON + HOUR, 90) == Span(NOON + HOUR / 2, SHIFT.ends_at)
    assert terms.served_span(SHIFT, NOON - HOUR, 30) == Span(NOON, NOON + HOUR / 2)
    assert terms.served_span(SHIFT, None, 120) == SHIFT


@pytest.mark.parametrize(
    ("state", "at", "minutes", "clocked", "reason", "refusal"),
    [
        (LEFT, SHIFT.ends_at, 120, 120, "", None),
        (LEFT, NOON + HOUR, 55, 55, "", None),
        (LEFT, NOON + HOUR, 60, 55, "早到", None),
        (LEFT, NOON + HOUR, 61, 55, "还会来", errors.MinutesOutOfRange),
        (LEFT, NOON, 1, 0, "来过了", errors.NotOver),
        (PRESENT, NOON + HOUR, 55, 0, "早退", errors.NotOver),
        (PRESENT, SHIFT.ends_at, 120, 0, "", errors.ReasonMissing),
        (PRESENT, SHIFT.ends_at, 120, 0, "忘记签退", None),
        (PLACED, SHIFT.ends_at, 120, 0, "手机没电", None),
        (ABSENT, SHIFT.ends_at, 120, 0, "登记错了", None),
        (WAITING, SHIFT.ends_at, 120, 0, "来帮忙了", errors.NoPlace),
        (LEFT, SHIFT.ends_at, 119, 120, "", errors.ReasonMissing),
        (LEFT, SHIFT.ends_at, 119, 120, "早" * 200, None),
        (LEFT, SHIFT.ends_at, 119, 120, "早" * 201, errors.ReasonMissing),
        (LEFT, SHIFT.ends_at, 121, 120, "加班", errors.MinutesOutOfRange),
        (LEFT, SHIFT.ends_at, 0, 120, "没干活", errors.MinutesOutOfRange),
        (LEFT, SHIFT.ends_at + 30 * DAY, 120, 120, "", None),
        (LEFT, SHIFT.ends_at + 30 * DAY + MINUTE, 120, 120, "", errors.TooLateToRecord),
    ],
)
def test_a_leader_records_what_the_clock_says_or_gives_a_reason(
    state: str, at: datetime, minutes: int, clocked: int, reason: str, refusal: type[YijiError] | None
) -> None:
    _expect(
        refusal,
        lambda: terms.check_record(state, SHIFT, TERMS, at, minutes=minutes, clocked=clocked, reason=reason),
    )


def test_a_day_has_its_limit() -> None:
    terms.check_daily(360, 120, TERMS)
    with pytest.raises(errors.DailyMinutesReached):
        terms.check_daily(361, 120, TERMS)


def test_stars_by_hours() -> None:
    hours = (100, 300, 600, 1000, 1500)
    assert terms.star_of(0, hours) == terms.Star(0, 100)
    assert terms.star_of(100 * 60 - 1, hours) == terms.Star(0, 100)
    assert terms.star_of(100 * 60, hours) == terms.Star(1, 300)
    assert terms.star_of(1500 * 60, hours) == terms.Star(5, None)


def test_hours_are_never_rounded_up() -> None:
    assert [terms.hours_shown(minutes) for minutes in (0, 5, 6, 95, 119, 120)] == [
        "0.0",
        "0.0",
        "0.1",
        "1.5",
        "1.9",
        "2.0",
    ]


def test_a_code_holds_for_ninety_seconds_and_for_its_shift() -> None:
    slot = NOON.replace(second=0)
    code = codes.code_of(SECRET, 7, slot)
    assert len(code) == 6
    assert code.isdigit()
    assert codes.is_code(f" {code[:3]} {code[3:]} ", SECRET, 7, slot)
    assert codes.is_code(code, SECRET, 7, slot + timedelta(seconds=89))
    assert not codes.is_code(code, SECRET, 7, slot + timedelta(seconds=90))
    assert not codes.is_code(code, SECRET, 7, slot - timedelta(seconds=1))
    assert not codes.is_code(code, SECRET, 8, slot)
    assert not codes.is_code("签到", SECRET, 7, slot)
    assert codes.seconds_left(slot) == 30
    assert codes.seconds_left(slot + timedelta(seconds=29)) == 1


def test_a_certificates_key_is_for_its_facts_alone() -> None:
    key = codes.sign(SECRET, ("ZY202600000001", 3, 120))
    assert codes.is_signed(key, SECRET, ("ZY202600000001", 3, 120))
    assert not codes.is_signed(key, SECRET, ("ZY202600000001", 3, 1200))
    assert not codes.is_signed("假", SECRET, ("ZY202600000001", 3, 120))


@pytest.mark.parametrize(
    ("days_ago", "paused"),
    [
        ((), None),
        ((1, 2), None),
        ((1, 2, 3), 29),
        ((29, 30, 31), 1),
        ((30, 31, 32), None),
        ((1, 2, 100), None),
        ((1, 2, 99), 29),
        ((3, 2, 1, 40), 29),
    ],
)
def test_three_absences_in_a_hundred_days_pause_for_thirty(
    days_ago: tuple[int, ...], paused: int | None
) -> None:
    until = absences.paused_until([NOON - days * DAY for days in days_ago], TERMS, NOON)
    assert until == (NOON + paused * DAY if paused else None)


@pytest.mark.parametrize(
    ("state", "answer", "at", "refusal"),
    [
        (ABSENT, "", SHIFT.ends_at, None),
        (ABSENT, "", SHIFT.ends_at + 30 * DAY, None),
        (ABSENT, "", SHIFT.ends_at + 30 * DAY + MINUTE, errors.TooLateToPlead),
        (ABSENT, "不行", SHIFT.ends_at, errors.NotAbsent),
        (LEFT, "", SHIFT.ends_at, errors.NotAbsent),
    ],
)
def test_one_pleads_against_an_absence_once_and_in_time(
    state: str, answer: str, at: datetime, refusal: type[YijiError] | None
) -> None:
    _expect(refusal, lambda: absences.check_plea(state, answer, SHIFT, TERMS, at))


def test_only_a_plea_that_waits_is_declined() -> None:
    absences.check_declined(ABSENT, "病了", "")
    for state, plea, answer in ((ABSENT, "", ""), (ABSENT, "病了", "不行"), (LEFT, "病了", "")):
        with pytest.raises(errors.NothingToAnswer):
            absences.check_declined(state, plea, answer)


@pytest.mark.parametrize(
    ("asked", "is_fit"),
    [((3, 4), True), ((3, 3), False), ((3, 1), False), ((3, 2), False), ((3, 9), False), ((3,), False)],
)
def test_two_others_of_those_who_came_are_witnesses(asked: tuple[int, ...], is_fit: bool) -> None:
    """1 is the volunteer, 2 the leader; both were there as well."""
    refusal = None if is_fit else errors.TwoWitnessesNeeded
    _expect(
        refusal,
        lambda: witnesses.check_witnesses(asked, present_ids=[1, 2, 3, 4], volunteer_id=1, leader_id=2),
    )


def test_what_was_forgotten_is_backfilled_after_the_end_and_within_thirty_days() -> None:
    for at, refusal in (
        (SHIFT.ends_at - MINUTE, errors.NotOver),
        (SHIFT.ends_at, None),
        (SHIFT.ends_at + 30 * DAY, None),
        (SHIFT.ends_at + 30 * DAY + MINUTE, errors.TooLateToBackfill),
    ):
        _expect(refusal, lambda at=at: witnesses.check_backfill(SHIFT, TERMS, at))


def test_a_witness_answers_once_and_in_time() -> None:
    witnesses.check_testimony("witnessing", None, NOON, TERMS, NOON + 30 * DAY)
    for state, agrees, at, refusal in (
        ("witnessing", None, NOON + 30 * DAY + MINUTE, errors.TooLateToTestify),
        ("witnessing", True, NOON, errors.TestifiedAlready),
        ("disputed", None, NOON, errors.TestifiedAlready),
    ):
        with pytest.raises(refusal):
            witnesses.check_testimony(state, agrees, NOON, TERMS, at)


def test_all_witnesses_make_a_record_and_one_unmakes_it() -> None:
    found = [witnesses.after(said) for said in ([None, None], [True, None], [True, True], [None, False])]
    assert found == ["witnessing", "witnessing", "proposed", "disputed"]


def test_a_code_seen_without_a_network_is_known_by_its_minute() -> None:
    seen = codes.code_of(SECRET, 7, NOON + timedelta(seconds=40))
    assert codes.was_code(seen, SECRET, 7, NOON)
    assert codes.was_code(seen, SECRET, 7, NOON + MINUTE + timedelta(seconds=20))
    assert codes.was_code(seen, SECRET, 7, NOON + MINUTE)
    assert not codes.was_code(seen, SECRET, 7, NOON - MINUTE)
    assert not codes.was_code(seen, SECRET, 7, NOON + 3 * MINUTE)
    assert not codes.was_code(seen, SECRET, 8, NOON)


def test_a_code_is_sent_after_it_was_seen_and_within_a_day() -> None:
    for at, now, refusal in (
        (NOON, NOON, None),
        (NOON, SHIFT.ends_at + 24 * HOUR, None),
        (NOON, SHIFT.ends_at + 24 * HOUR + MINUTE, errors.TooLateToUpload),
        (NOON + MINUTE, NOON, errors.NotYetThen),
    ):
        _expect(refusal, lambda at=at, now=now: terms.check_upload(SHIFT, TERMS, at, now))
