"""The tables of people: who can sign in, for which site, and which pseudonyms are theirs."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from privet.accounts.roles import Role


class Institution(models.Model):
    """A member of the platform: a university, a school, a company."""

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=200)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug


class Site(models.Model):
    """A platform that Privet serves: its origins, and the keys with which it vouches."""

    slug = models.SlugField(unique=True, max_length=80)
    """Also the namespace of the platform's learner ids, so it never changes."""
    name = models.CharField(max_length=200)
    origins = models.JSONField(default=list)
    """``https://host[:port]`` of every page that may speak for the site."""
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT)
    """To whom events belong that name no institution."""
    regime = models.CharField(max_length=10, blank=True)
    """The regime of people whose place is unknown; empty for the strictest."""
    cookie_domain = models.CharField(max_length=253, blank=True)
    """The domain that Privet's cookies share with the platform; empty for Privet's host alone."""
    identity_keys = models.JSONField(default=list)
    """Objects with ``kid``, ``alg`` and ``public`` (PEM) or ``sealed`` (base64)."""
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug


class AccountManager(BaseUserManager["Account"]):
    """Finds and makes accounts; the service is what others call."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account of an e-mail address, whatever its case."""
        return self.get(email=(username or "").lower())

    def create_user(
        self, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "Account":
        """Make an account; without a password nobody can sign in with one."""
        account = self.model(email=email.lower() if email else None, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person who can sign in, by e-mail or because a platform vouches for them."""

    email = models.EmailField(unique=True, null=True, blank=True)
    """Lower case; none for learners whom only their platform knows."""
    name = models.CharField(max_length=200, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True)
    locale = models.CharField(max_length=35, blank=True)
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return f"account {self.pk}"


class ExternalId(models.Model):
    """By which id a site knows an account."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    external_id = models.CharField(max_length=255)
    institution = models.CharField(max_length=80, blank=True)
    """The slug of the institution that the site named last."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "external_id"], name="one_account_an_id")
        ]

    def __str__(self) -> str:
        return f"external id {self.pk}"


class RoleGrant(models.Model):
    """A role of an account, everywhere or at one institution."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    institution = models.ForeignKey(Institution, null=True, on_delete=models.CASCADE)
    granted = models.DateTimeField(auto_now_add=True)
    granted_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "institution"],
                condition=models.Q(institution__isnull=False),
                name="one_grant_an_institution",
            ),
            models.UniqueConstraint(
                fields=["account", "role"],
                condition=models.Q(institution__isnull=True),
                name="one_grant_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of account {self.account_id}"


class ApiKey(models.Model):
    """What a platform's server shows to speak for its site; only its hash is kept."""

    digest = models.BinaryField(unique=True, max_length=32)
    site = models.ForeignKey(Site, on_delete=models.CASCADE)
    name = models.CharField(max_length=200)
    created = models.DateTimeField(auto_now_add=True)
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"key {self.pk} of {self.site_id}"


class AccessKey(models.Model):
    """By which a program asks for statistics in an account's name; only its hash is kept."""

    digest = models.BinaryField(unique=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    created = models.DateTimeField()
    ends = models.DateTimeField()
    used = models.DateField(null=True)
    """The day of its last use, no finer."""

    def __str__(self) -> str:
        return f"access key {self.pk}"


class Subject(models.Model):
    """A random pseudonym of the lake, and the person behind it."""

    id = models.BigIntegerField(primary_key=True)
    person = models.BigIntegerField(db_index=True)
    """Pseudonyms of one person share this number: it is the least of theirs when they met."""
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return "subject"


class PersonKey(models.Model):
    """A keyed hash by which the log names somebody, and the pseudonym it leads to."""

    key = models.BinaryField(unique=True, max_length=16)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE)
    sequence = models.BigIntegerField(db_index=True)
    """When the key was linked last, in the order of the counter ``links``."""

    def __str__(self) -> str:
        return "person key"


class UsedToken(models.Model):
    """A sign-in token that has been used, kept until it would have expired anyway."""

    digest = models.BinaryField(unique=True, max_length=32)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return "used token"


class UsedForm(models.Model):
    """A form that acted, kept for a while so that pressing its button again does nothing more."""

    digest = models.BinaryField(unique=True, max_length=32)
    led_to = models.CharField(max_length=500)
    """What its first use came to, in the words of who took it."""
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return "used form"


class Counter(models.Model):
    """A number that only grows, and the lock of those who make it grow."""

    name = models.CharField(primary_key=True, max_length=20)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class KeyMark(models.Model):
    """By what a key is known again under which the rows of this database were made."""

    name = models.CharField(primary_key=True, max_length=20)
    mark = models.BinaryField(max_length=16)

    def __str__(self) -> str:
        return f"mark of the key {self.name}"
