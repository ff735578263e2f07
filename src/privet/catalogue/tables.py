"""The inventory of tables: which fields are about a person, of which category, for what, how long.

A test holds it to all models: a new field that nobody declared fails the build.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from privet.catalogue.uses import Basis


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table of the database."""

    holder: str
    """The room that answers for it; empty where nothing in it is about a person."""
    purpose: str = ""
    basis: Basis | None = None
    retention: str = ""
    """An ISO 8601 period, or a sentence where the end is an event."""
    personal: Mapping[str, str] = field(default_factory=dict)
    """Field to data category (fideslang 3, extended by ``user.education``)."""
    impersonal: frozenset[str] = frozenset()
    """Fields that say nothing about a person."""


_NAMES = "user.unique_id"
_PSEUDONYM = "user.unique_id.pseudonymous"
_CONTACT = "user.contact.email"
_SIGN_IN = "user.authorization"
_AGE = "user.demographic"
_PLACE = "user.location.imprecise"
_CHOICE = "user.privacy_preferences"
_ACCOUNT_ENDS = "until the account is erased"
_LEDGER_ENDS = "P60M"


def _each(category: str, names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), category)


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


def _impersonal(names: str) -> Table:
    return Table(holder="", impersonal=_names(names))


def _account(purpose: str, personal: Mapping[str, str], impersonal: str = "") -> Table:
    return Table(
        holder="accounts",
        purpose=purpose,
        basis=Basis.CONTRACT,
        retention=_ACCOUNT_ENDS,
        personal=personal,
        impersonal=_names(impersonal),
    )


_ACCOUNTS: dict[str, Table] = {
    "accounts.Account": _account(
        "to let a person sign in, and to apply the rules for minors",
        _each(_NAMES, "id name")
        | _each(_CONTACT, "email")
        | _each(_SIGN_IN, "password last_login is_active created")
        | _each(_AGE, "birth_year")
        | _each(_PLACE, "country")
        | _each("user.preferences", "locale"),
    ),
    "account.EmailAddress": _account(
        "to let a person sign in by e-mail",
        _each(_CONTACT, "email") | _each(_NAMES, "user"),
        "id verified primary",
    ),
    "account.EmailConfirmation": _account(
        "to check an e-mail address",
        _each(_CONTACT, "email_address") | _each(_SIGN_IN, "key"),
        "id created sent",
    ),
    "sessions.Session": Table(
        holder="accounts",
        purpose="to keep a person signed in",
        basis=Basis.CONTRACT,
        retention="12 hours, or until the browser is closed",
        personal=_each(_SIGN_IN, "session_key session_data"),
        impersonal=frozenset({"expire_date"}),
    ),
    "accounts.ExternalId": _account(
        "to know a platform's learner again",
        _each(_NAMES, "account external_id")
        | _each("user.education.enrollment", "institution site"),
        "id",
    ),
    "accounts.RoleGrant": _account(
        "to decide what a person may do",
        _each(_SIGN_IN, "account role institution granted granted_by"),
        "id",
    ),
    "accounts.AccessKey": _account(
        "to let a program ask for statistics in a person's name",
        _each(_SIGN_IN, "account name created ends used digest"),
        "id",
    ),
    "accounts.Subject": _account(
        "to find a person's events without naming them in the lake",
        _each(_PSEUDONYM, "id person account created"),
    ),
    "accounts.PersonKey": _account(
        "to find a person's events without naming them in the log",
        _each(_PSEUDONYM, "key subject"),
        "id sequence",
    ),
    "accounts.UsedToken": Table(
        holder="accounts",
        purpose="to refuse a sign-in token that was used before",
        basis=Basis.LEGITIMATE_INTEREST,
        retention="until the token would have expired, 15 minutes at most",
        personal=_each(_SIGN_IN, "digest"),
        impersonal=frozenset({"id", "until"}),
    ),
}

_CONSENT: dict[str, Table] = {
    "consent.Decision": Table(
        holder="consent",
        purpose="to prove what was decided, when, and after which notice",
        basis=Basis.LEGAL_OBLIGATION,
        retention=_LEDGER_ENDS,
        personal=_each(_PSEUDONYM, "person_key account_id")
        | _each(
            _CHOICE,
            "asked granted in_force in_force_before objected restricted gpc confirmed control "
            "layer by request_id record_id notice_served time",
        )
        | _each(_AGE, "age")
        | _each(_PLACE, "regime")
        | _each("user.preferences", "language")
        | _each("user.education.enrollment", "institution course site"),
        impersonal=_names(
            "sequence kind salt commitment notice_version notice_digest registry before digest"
        ),
    ),
    "consent.Served": Table(
        holder="consent",
        purpose="to prove which notice was served before a decision, and when",
        basis=Basis.LEGAL_OBLIGATION,
        retention=_LEDGER_ENDS,
        personal=_each(_PSEUDONYM, "person_key account_id")
        | _each(_CHOICE, "record_id time served place layer")
        | _each("user.preferences", "language")
        | _each("user.education.enrollment", "institution course site"),
        impersonal=_names(
            "sequence salt commitment notice_version notice_digest registry before digest"
        ),
    ),
    "consent.InstitutionEntry": Table(
        holder="consent",
        purpose="to answer for what stands in the registry of cookies",
        basis=Basis.LEGITIMATE_INTEREST,
        retention="the entry for good, who proposed and reviewed it until the account is erased",
        personal=_each(_NAMES, "proposed_by reviewed_by"),
        impersonal=_names(
            "id institution courses name kind host setter party lifetime category purpose vendor "
            "data state proposed reviewed reason"
        ),
    ),
    "consent.PolicyVersion": Table(
        holder="consent",
        purpose="to answer for what a policy says",
        basis=Basis.LEGITIMATE_INTEREST,
        retention="the policy for good, who published it until the account is erased",
        personal=_each(_NAMES, "published_by"),
        impersonal=_names("id kind version published reason texts digest"),
    ),
    "consent.PolicySeen": Table(
        holder="consent",
        purpose="to announce a changed policy once",
        basis=Basis.LEGITIMATE_INTEREST,
        retention=_ACCOUNT_ENDS,
        personal=_each(_NAMES, "account_id") | _each("user.behavior", "kind version seen"),
        impersonal=frozenset({"id"}),
    ),
    "consent.Standing": Table(
        holder="consent",
        purpose="to obey what was decided",
        basis=Basis.LEGAL_OBLIGATION,
        retention=_ACCOUNT_ENDS,
        personal=_each(_PSEUDONYM, "person_key")
        | _each(
            _CHOICE, "asked granted decided expires gpc confirmed objected restricted uses choices"
        )
        | _each(_AGE, "birth_year age")
        | _each(_PLACE, "regime country"),
        impersonal=frozenset({"id", "sequence", "notice_version"}),
    ),
}

_EVENTS: dict[str, Table] = {
    "events.Withholding": Table(
        holder="events",
        purpose="to hide what was withdrawn",
        basis=Basis.LEGAL_OBLIGATION,
        retention="until the daily pass has made it true",
        personal=_each(_PSEUDONYM, "subject") | _each(_CHOICE, "use until"),
        impersonal=frozenset({"id", "is_cleared", "sequence"}),
    ),
    "events.Restriction": Table(
        holder="events",
        purpose="to hide what is restricted",
        basis=Basis.LEGAL_OBLIGATION,
        retention="until the restriction is lifted",
        personal=_each(_PSEUDONYM, "subject") | _each(_CHOICE, "since"),
    ),
    "events.Erasure": Table(
        holder="events",
        purpose="to remove what is to be erased",
        basis=Basis.LEGAL_OBLIGATION,
        retention="until the erasure is proved",
        personal=_each(_PSEUDONYM, "subject") | _each(_CHOICE, "asked"),
    ),
    "events.Tombstone": Table(
        holder="events",
        purpose="to bring nobody back who was erased",
        basis=Basis.LEGAL_OBLIGATION,
        retention="as long as backups or logs from before the erasure may exist",
        personal=_each(_PSEUDONYM, "mark"),
        impersonal=frozenset({"up_to", "sequence"}),
    ),
}

_INSIGHT: dict[str, Table] = {
    "insight.SavedView": Table(
        holder="insight",
        purpose="to open a page of the console again, and to send it by mail where asked for",
        basis=Basis.CONTRACT,
        retention="until it is deleted, or the account is erased",
        personal=_each(_NAMES, "account_id")
        | _each("user.preferences", "name page query language is_weekly"),
        impersonal=_names("id created mailed"),
    ),
    "insight.Look": Table(
        holder="insight",
        purpose="to show learners who looked at their data, and why",
        basis=Basis.LEGAL_OBLIGATION,
        retention="until the learner is erased",
        personal=_each(_NAMES, "account_id viewer")
        | _each(_PSEUDONYM, "subject")
        | _each("user.behavior", "why time kind")
        | _each(_SIGN_IN, "role institutions"),
        impersonal=_names("id act"),
    ),
    "insight.PageTotal": _impersonal("id day site page country device views"),
    "insight.FoldedSpool": _impersonal("name"),
    "insight.Experiment": _impersonal(
        "id site key name hypothesis page variants outcome target defined began ended"
    ),
}

_INTEGRITY: dict[str, Table] = {
    "integrity.FindingRow": Table(
        holder="integrity",
        purpose="to look into copied answers and shared accounts",
        basis=Basis.LEGITIMATE_INTEREST,
        retention="P12M after the last evidence",
        personal=_each(_PSEUDONYM, "subjects key")
        | _each("user.education.submission", "items n x p q lag_p90_seconds confidence kind")
        | _each("user.device", "shared_network ip_degree network_kinds")
        | _each(_PLACE, "country")
        | _each("user.education.enrollment", "institution course"),
        impersonal=_names("id preset day detector_version found renewed expires taken_up"),
    ),
    "integrity.FindingSubject": Table(
        holder="integrity",
        purpose="to find what is kept about a learner",
        basis=Basis.LEGITIMATE_INTEREST,
        retention="as the finding",
        personal=_each(_PSEUDONYM, "subject"),
        impersonal=_names("id finding place"),
    ),
    "integrity.LookedAt": _impersonal("id preset course day detector_version"),
    "integrity.DisparityRow": _impersonal("id kind by_what name ratio low high allowed measured"),
    "integrity.CourseFigures": _impersonal(
        "id course institution pairs by_chance first last measured expires"
    ),
    "integrity.CourseThresholds": _impersonal("id course institution values why saved act"),
    "integrity.Case": Table(
        holder="integrity",
        purpose="to look into copied answers and shared accounts, with the learner heard",
        basis=Basis.LEGITIMATE_INTEREST,
        retention="the weeks of PRIVET_CASE_KEEP_WEEKS after it is closed",
        personal=_each(_PSEUDONYM, "main")
        | _each("user.education.submission", "evidence kind is_sharing confidence stands outcome")
        | _each("user.content.private", "reply appeal")
        | _each("user.education.enrollment", "institution course")
        | _each(_NAMES, "opened_by"),
        impersonal=_names(
            "id state opened disparity told is_mailed mail_id reply_until appeal_until lapses "
            "closed forget_after"
        ),
    ),
    "integrity.CaseAccount": Table(
        holder="integrity",
        purpose="to show accounts of a case by letters",
        basis=Basis.LEGITIMATE_INTEREST,
        retention="as the evidence of the case",
        personal=_each(_PSEUDONYM, "subject"),
        impersonal=_names("id case letter"),
    ),
    "integrity.CaseAct": Table(
        holder="integrity",
        purpose="to show who did what with a case, and why",
        basis=Basis.LEGITIMATE_INTEREST,
        retention="as the evidence of the case",
        personal=_each(_NAMES, "by person") | _each("user.content.private", "why verdict"),
        impersonal=_names("id case kind letters time act"),
    ),
}

_POST: dict[str, Table] = {
    "post.Mail": Table(
        holder="post",
        purpose="to send what was asked for",
        basis=Basis.CONTRACT,
        retention="the words until the mail is sent, the note of it for P30D",
        personal=_each(_NAMES, "account_id")
        | _each(_CONTACT, "address subject text html")
        | _each("user.preferences", "kind"),
        impersonal=_names("id message_id put due tries sent fault"),
    ),
}

_AUDIT: dict[str, Table] = {
    "audit.Record": Table(
        holder="audit",
        purpose="to prove who did what",
        basis=Basis.LEGAL_OBLIGATION,
        retention=_LEDGER_ENDS,
        personal=_each(_NAMES, "by about why"),
        impersonal=_names("seq at act salt commitment digest"),
    ),
}

_IMPERSONAL: dict[str, Table] = {
    "accounts.Institution": _impersonal("id slug name created"),
    "accounts.Site": _impersonal(
        "id slug name origins institution regime cookie_domain identity_keys created"
    ),
    "accounts.ApiKey": _impersonal("id digest site name created revoked"),
    "accounts.Counter": _impersonal("name number"),
    "accounts.KeyMark": _impersonal("name mark"),
    "auth.Group": _impersonal("id name"),
    "auth.Group_permissions": _impersonal("id group permission"),
    "auth.Permission": _impersonal("id name content_type codename"),
    "contenttypes.ContentType": _impersonal("id app_label model"),
    # A scan visits with a browser of its own: what it finds is about a site, and holds no value.
    "consent.Scan": _impersonal(
        "id started ended urls journey browser steps registry_digest digest by"
    ),
    "consent.Finding": _impersonal(
        "id scan step third_party_cookies decision_state kind name domain path page party "
        "canonical setter_script setter_stack set_by first_seen_ms times lifetime_declared "
        "lifetime_effective partition_key http_only blocked registered category drift suggestion"
    ),
    "consent.Unregistered": _impersonal(
        "id institution course kind name host first_seen last_seen by_pages by_scans setter page"
    ),
    "consent.LinkCheck": _impersonal("id link checked result status moved_to"),
    "consent.Notice": _impersonal("version published published_by material"),
    "consent.NoticeText": _impersonal("id notice language words digest"),
    "consent.OccasionText": _impersonal("version place language words digest made"),
    "consent.Head": _impersonal("id sequence digest generation followed"),
    # A hash of a random value: who sent the form cannot be had from it.
    "accounts.UsedForm": _impersonal("id digest led_to until"),
    "events.Counter": _impersonal("name value"),
    "events.Lease": _impersonal("name holder until"),
    "events.Pass": _impersonal("day began ended counts"),
    "intake.Import": _impersonal(
        "id name kind site uses by started finished state request paths lines events kept stored "
        "duplicates skipped rejected not_permitted fields_dropped seconds problem"
    ),
    "intake.LoadOutcome": _impersonal("id import_number load outcome events"),
    "intake.ImportFile": _impersonal("id import_record path identity offset lines is_complete"),
    "intake.Reject": _impersonal("id file offset size_bytes hash reason"),
    "audit.Head": _impersonal("id seq digest"),
    "audit.Checkpoint": _impersonal("id seq digest at signature"),
    "django_tasks_database.DBTaskResult": _impersonal(
        "id status enqueued_at started_at finished_at args_kwargs priority task_path worker_ids "
        "queue_name backend_name run_after return_value exception_class_path traceback"
    ),
}

TABLES: dict[str, Table] = (
    _ACCOUNTS | _CONSENT | _EVENTS | _INSIGHT | _INTEGRITY | _POST | _AUDIT | _IMPERSONAL
)
"""By the model's label, ``app.Model``."""
