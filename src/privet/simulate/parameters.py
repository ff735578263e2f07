"""How the simulated learners behave: every figure in one place, with where it is from.

The shares and shapes of work are those of published analyses of open online courses; those of
cheating are from Northcutt, Ho and Chuang (2016) and the work that followed it. Nothing here is
known to any detector, and nothing of a detector is known here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """Ordinary work: who comes, when, and what they do there."""

    lurkers: float = 0.60
    partial: float = 0.28
    completers: float = 0.12
    week_alpha: float = 2.2
    week_beta: float = 1.1
    """A week's work starts after 7·Beta(2.2, 1.1) days: most of it close to the deadline."""
    evening_hour: float = 20.0
    evening_spread_hours: float = 3.0
    gap_seconds: float = 75.0
    gap_sigma: float = 0.9
    """Between one item and the next: log-normal, by its median and its sigma."""
    most_attempts: int = 5
    learns_from_failure: float = 0.5
    """How much easier (in logits) an item is after a wrong answer."""
    gives_up: float = 0.30
    shows_if_solved: float = 0.08
    shows_if_unsolved: float = 0.45
    revisits: float = 0.35
    """Unit visits that are followed by another look some days later."""
    further_courses: float = 0.35
    """The chance of one more enrolment, again and again."""
    same_field: float = 0.7
    """Enrolments that stay in the learner's field."""


@dataclass(frozen=True, kw_only=True)
class Networks:
    """How learners share addresses: shares of learners, and how many are behind one address."""

    homes_of_two: float = 0.10
    dormitories: float = 0.03
    dormitory_size: int = 40
    carriers: float = 0.10
    carrier_size: int = 200
    vpns: float = 0.03
    vpn_size: int = 100
    second_network_weeks: float = 0.15


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What people answer when they are asked, by the regime of their place."""

    opt_in: tuple[float, ...] = (0.40, 0.27, 0.09, 0.09, 0.05, 0.10)
    """Everything on the banner, nothing, performance, performance and functionality, all of the
    centre, no answer."""
    opt_out: tuple[float, ...] = (0.62, 0.13, 0.04, 0.05, 0.06, 0.10)
    gpc: float = 0.06
    late: float = 0.08
    """Who answers only some days after their first visit."""
    withdraws: float = 0.03
    """Of those who allowed something, who take all of it back later."""
    unknown_age: float = 0.15


@dataclass(frozen=True, kw_only=True)
class Cheating:
    """One person with a master and a harvester account (CAMEO), and shared accounts."""

    share: float = 0.013
    """Of those who complete a course (★ 1.3 % of certificates; 0.1 to 5 % by course)."""
    modes: tuple[float, ...] = (0.40, 0.17, 0.16, 0.17, 0.05, 0.05)
    """Immediate, from another address, delayed, light, by exhausted attempts, several harvesters.
    The last two are immediate in their timing."""
    heavy: float = 0.25
    """Masters who copy half of the items or more; the others less (★)."""
    wait_seconds: float = 20.0
    wait_sigma: float = 1.0
    delay_seconds: float = 3600.0
    delay_sigma: float = 0.8
    jittered: float = 0.10
    """Of the immediate: wait 6 to 30 minutes at random."""
    rotating: float = 0.15
    """Of the immediate: on IPv6 addresses that change each day."""
    shared_accounts: float = 0.002
    shared_visits: tuple[float, float] = (0.3, 1.0)
    """The second person comes to this share of the visits, drawn for each account: once in a while,
    or every time."""
    shared_again: float = 0.6
    """After so many of them both come once more within three days: an account that two people use
    is used on more days. The three figures are assumptions."""
    second_tries: float = 0.95
    """Of the problems that the owner tried on a visit, the second person tries so many."""
    second_pace_sigma: float = 0.3
    """People differ in how long they take: log-normal, by so much between persons. Their ability is
    drawn as everybody's is. Both figures are assumptions."""
    shared_after_days: tuple[float, float] = (3.0, 28.0)
    """So long after the owner's first act the second person begins."""


@dataclass(frozen=True, kw_only=True)
class Company:
    """People who work together or beside each other, as shares of all learners."""

    study_groups: float = 0.02
    study_group_size: int = 4
    study_group_seconds: float = 240.0
    """Each starts after the group's moment by an exponential time of this mean."""
    roommates: float = 0.006
    roommate_seconds: float = 600.0
    siblings: float = 0.004
    sibling_seconds: float = 2400.0
    tutors: float = 0.003
    classes: float = 0.01
    class_size: int = 24
    class_seconds: float = 15.0
    class_item_seconds: float = 120.0
    retakers: float = 0.003
    commuters: float = 0.010
    travellers: float = 0.005
    vpn_users: float = 0.005
    two_devices: float = 0.005
    two_lines: float = 0.005


@dataclass(frozen=True, kw_only=True)
class Habits:
    """Of people who are seen in two places and are one person. All of these are assumptions."""

    share_of_visits: float = 0.6
    """Visits that begin at work, or in which a VPN is switched on."""
    way_seconds: float = 2400.0
    trips: int = 3
    way_hours: int = 14
    """Nothing is done so long before and after a border is crossed."""
    other_device: float = 0.3
    """After each act, who has two devices takes the other one."""
    goes_over_it: float = 0.5
    """Visits after which the solved problems are answered once more on the phone."""
    sent_twice: float = 0.03
    """Submissions that a router sends by both of its lines, up to half a minute apart."""


@dataclass(frozen=True, kw_only=True)
class Again:
    """Of people who do alone, elsewhere, once more what they did. All of these are assumptions,
    with the reason beside each; they are people who take several courses, the keenest first."""

    trip_revisers: float = 0.003
    vpn_revisers: float = 0.003
    late_senders: float = 0.003
    retriers: float = 0.003
    """Shares of all learners: so many of each that five populations of 20,000, with four times the
    stories, have more than a thousand."""
    on_another_device: float = 0.5
    """Who takes a tablet or a small laptop along, or has one for the evening; a VPN is installed
    on some devices of a person and not on all."""
    still_knows: tuple[float, float] = (0.75, 1.0)
    """The chance to be right at once where one was right before, drawn for each person: practice
    tests some days later find about nine in ten, and some people forget more."""
    items_gone_over: tuple[float, float] = (0.3, 1.0)
    """Of a unit's solved problems, drawn for each sitting: some go over all, some choose."""
    most_units: int = 2
    """Whoever revises takes what came last: one unit, or two before a test."""
    gap_seconds: float = 40.0
    """What is known goes about twice as fast as at first."""
    gap_sigma: float = 0.8
    retry_seconds: float = 28.0
    most_attempts: int = 3
    signs_in: float = 0.5
    """Sittings that begin with a chance to sign in, as visits do."""
    in_between: float = 0.3
    """Sittings in the middle of other work: an earlier problem is opened again for a new one."""
    most_trips: int = 3
    trip_days: tuple[float, float] = (2.0, 10.0)
    """As travellers."""
    way_hours_far: float = 14.0
    way_hours_near: float = 3.0
    """To a neighbouring country by train or car; half of those who travel do that."""
    once_more_at_home: float = 0.5
    """Trips after which what was done there is gone over at home as well."""
    visits_gone_over: tuple[float, float] = (0.3, 1.0)
    """Drawn for each person: once in a while, or always."""
    same_evening: float = 0.3
    """Revisions some minutes to hours after the visit; the others one to six days later."""
    evening_seconds: tuple[float, float] = (600.0, 10_800.0)
    bad_days: float = 0.4
    """Days of work on which the phone of a late sender has no good network: who lives or commutes
    where it is bad has that often."""
    stuck_again: float = 0.5
    """One answer is stuck then, another one with this chance, and so on."""
    had_arrived: float = 0.5
    """Stuck answers that had arrived in truth: only the reply was lost."""
    tries_computer_seconds: float = 90.0
    late_seconds: float = 480.0
    late_sigma: float = 1.2
    """Most queues try again after seconds, then minutes, up to an hour (exponential back-off)."""
    all_at_once: float = 0.7
    """Queues that are emptied in one go, as most are; the others have a timer for each answer."""
    next_morning: float = 0.15
    """Emptied when the app is opened again."""
    curious_visits: float = 0.5
    more_of_them: float = 0.5
    """Beside the first one, so many more problems of a visit are tried on the phone on average."""
    curious_seconds: float = 180.0
    within_minutes: float = 0.6
    """The others one to thirty hours later."""
    right_again: float = 0.6
    """Some want to see whether another answer counts, and some whether the phone shows it."""


CHEATING = Cheating()
COMPANY = Company()
HABITS = Habits()
AGAIN = Again()
BEHAVIOUR = Behaviour()
NETWORKS = Networks()
CONSENT = Consent()
