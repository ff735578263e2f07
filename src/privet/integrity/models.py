"""What the detectors found and how far they looked, cases, fairness and thresholds of courses."""

from django.db import models


class FindingRow(models.Model):
    """One finding about a group of accounts in a course; `privet.integrity.findings` reads it."""

    key = models.CharField(max_length=500, unique=True)
    """Preset, detector, course and pseudonyms: a run that finds it again renews this row."""
    preset = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    institution = models.CharField(max_length=100, blank=True)
    course = models.CharField(max_length=255, blank=True)
    subjects = models.JSONField()
    """Pseudonyms: harvesters first and the master last, or the one shared account."""
    n = models.PositiveIntegerField()
    x = models.PositiveIntegerField()
    p = models.FloatField()
    q = models.FloatField()
    lag_p90_seconds = models.FloatField(null=True)
    shared_network = models.BooleanField()
    ip_degree = models.PositiveIntegerField()
    network_kinds = models.JSONField(default=list)
    items = models.JSONField(default=list)
    """The timeline, item by item, as `privet.integrity.findings.Item`."""
    confidence = models.FloatField()
    country = models.CharField(max_length=2, blank=True)
    day = models.DateField()
    detector_version = models.PositiveIntegerField()
    found = models.DateTimeField()
    renewed = models.DateTimeField()
    expires = models.DateTimeField(db_index=True)
    taken_up = models.DateTimeField(null=True)
    """When a case took it up; found again, it opens no second one."""

    class Meta:
        indexes = [models.Index(fields=["preset", "course", "kind"], name="integrity_by_course")]

    def __str__(self) -> str:
        return f"finding {self.pk}"


class FindingSubject(models.Model):
    """One account that a finding is about, so that it is found for its rights."""

    finding = models.ForeignKey(FindingRow, on_delete=models.CASCADE, related_name="people")
    subject = models.BigIntegerField(db_index=True)
    place = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "subject"], name="one_part_in_a_finding")
        ]

    def __str__(self) -> str:
        return f"part {self.place} of finding {self.finding_id}"


class LookedAt(models.Model):
    """A day of a course that the detectors have been over; it is about nobody."""

    preset = models.CharField(max_length=40)
    course = models.CharField(max_length=255)
    day = models.DateField()
    detector_version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["preset", "course", "day", "detector_version"], name="one_look_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course} on {self.day}"


class Case(models.Model):
    """What people look into: a course, an account it is about, and a copy of the evidence."""

    kind = models.CharField(max_length=30)
    """The detector whose finding opened it."""
    is_sharing = models.BooleanField()
    """Whether it is about one account used by several people, and not about copying."""
    institution = models.CharField(max_length=100, blank=True)
    """Empty for what is about an account as a whole: officers of the whole platform see it."""
    course = models.CharField(max_length=255, blank=True)
    main = models.BigIntegerField(null=True, db_index=True)
    """The pseudonym of the account that it is about; none once the evidence is deleted."""
    state = models.CharField(max_length=20, db_index=True)
    outcome = models.CharField(max_length=20, blank=True)
    opened = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    confidence = models.FloatField()
    evidence = models.JSONField(null=True)
    """`privet.integrity.evidence.Evidence`: accounts by letter, no pseudonym, no name."""
    stands = models.BooleanField(default=True)
    """Whether the detectors would find it again."""
    disparity = models.DateTimeField(null=True)
    """Since when its detector is known to flag some groups more than is allowed."""
    told = models.DateTimeField(null=True)
    is_mailed = models.BooleanField(default=False)
    """Whether the learner could be written to: the last letter was not given up."""
    mail_id = models.CharField(max_length=100, blank=True, db_index=True)
    """The last letter, by its message id."""
    reply_until = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)
    appeal_until = models.DateTimeField(null=True)
    appeal = models.TextField(blank=True)
    lapses = models.DateTimeField()
    """When it closes for the learner if nobody has decided."""
    closed = models.DateTimeField(null=True)
    forget_after = models.DateTimeField(null=True, db_index=True)
    """When evidence, texts and accounts are deleted; set when it closes."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "main", "is_sharing"],
                condition=models.Q(closed__isnull=True),
                name="one_open_case_of_an_account",
            )
        ]
        indexes = [models.Index(fields=["kind", "closed"], name="integrity_case_by_kind")]

    def __str__(self) -> str:
        return f"case {self.pk}"


class CaseAccount(models.Model):
    """An account of a case, which is shown by its letter."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="accounts")
    letter = models.CharField(max_length=3)
    subject = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "letter"], name="one_letter_an_account"),
            models.UniqueConstraint(fields=["case", "subject"], name="one_account_a_letter"),
        ]

    def __str__(self) -> str:
        return f"account {self.letter} of case {self.case_id}"


class CaseAct(models.Model):
    """Something that was done with a case, by whom and why."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="acts")
    kind = models.CharField(max_length=20)
    by = models.CharField(max_length=80, blank=True)
    """``worker``, ``learner``, ``account:7``; empty once that account is erased."""
    person = models.BigIntegerField(null=True, db_index=True)
    """The account of the member of staff."""
    verdict = models.CharField(max_length=20, blank=True)
    letters = models.TextField(blank=True)
    """Whose names were opened, with spaces between."""
    why = models.TextField(blank=True)
    time = models.DateTimeField()
    act = models.BigIntegerField()
    """The number of the act in the audit chain."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=models.Q(kind="decided"),
                name="one_vote_a_person",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=models.Q(kind__in=["reviewed", "appeal_decided"]),
                name="one_review_and_one_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of case {self.case_id}"


class DisparityRow(models.Model):
    """A detector that flags a group more often than is allowed, as last measured; about nobody."""

    kind = models.CharField(max_length=30)
    by_what = models.CharField(max_length=20)
    name = models.CharField(max_length=255, blank=True)
    ratio = models.FloatField()
    low = models.FloatField()
    high = models.FloatField(null=True)
    """None if it has no upper end."""
    allowed = models.FloatField()
    measured = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "by_what", "name"], name="one_disparity_each")
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.by_what}"


class CourseFigures(models.Model):
    """The pairs of a course that looser thresholds would flag, and what chance alone would bring.

    Figures without any pseudonym; each measurement puts new ones in their place.
    """

    course = models.CharField(max_length=255, unique=True)
    institution = models.CharField(max_length=100, blank=True)
    pairs = models.JSONField()
    by_chance = models.JSONField()
    """The same of each world in which answers were got a day or more earlier."""
    first = models.DateField()
    last = models.DateField()
    measured = models.DateTimeField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"figures of {self.course}"


class CourseThresholds(models.Model):
    """What an officer set for the detectors of one course; about nobody."""

    course = models.CharField(max_length=255, unique=True)
    institution = models.CharField(max_length=100, blank=True)
    values = models.JSONField()
    """Only what differs from the usual."""
    why = models.TextField()
    saved = models.DateTimeField()
    act = models.BigIntegerField()
    """The number of the act in the audit chain."""

    def __str__(self) -> str:
        return f"thresholds of {self.course}"
