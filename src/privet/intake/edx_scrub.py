"""Takes out of paths, addresses and texts what names a person or opens a door.

The rules are by place: after which part of a path a username, a key or a number of a person
stands is known from the platform's own addresses. Queries and fragments never remain.
"""

import re

USER, SECRET, MAIL = "[user]", "[secret]", "[e-mail]"

_ENCODED = "%(?!25|40)[0-9a-f]{2}"
_MAIL = re.compile(
    rf"((?:[\w.!#$&'*+=?^`{{|}}~-]|{_ENCODED}){{1,64}}+)(?:@|%(?:25)*40)"
    rf"((?:(?:[\w-]|{_ENCODED}){{1,63}}+\.){{1,8}}"
    rf"(?:xn--[\w-]{{2,59}}|(?:[^\W\d_]|{_ENCODED}){{2,72}}))",
    re.IGNORECASE,
)
"""Of any alphabet (RFC 6531), also as an address bar encodes its letters."""
_KEY, _KEY_LIMIT = "-v1:", 300
_KEY_UP_TO_TYPE = re.compile(r"-v1:[^@\s]{1,200}\+type@$")
"""How a usage key begins, and what of it stands before what looks like an address in it."""
_PERSON_AFTER = (
    r"/u/",
    r"/user/v\d+/(?:accounts|preferences|validation)/",
    r"/users?/",
    r"/(?:profile|profile_images/v\d+|dashboard/user|student_profile|learners?)/",
    r"/courses/[^/]+(?:/[^/]+/[^/]+)?/(?:progress|student_progress)/",
    r"/progress/student/",
    r"/forum/users/",
    r"/discussion/users/",
    r"/certificates/user/",
    r"/assertions/user/",
    r"/team_membership/[^/,]+,",
    r"/enrollment/v\d+/enrollment/(?=[^/]+,)",
    r"/bookmarks/v\d+/bookmarks/(?=[^/]+,)",
    r"/support/(?:enrollment|manage_user|certificates)/",
    r"/(?:student_view|masquerade|impersonate)/",
)
_SECRET_AFTER = (
    r"/(?:password_reset_confirm|password/reset/confirm|reset/confirm|reset)/",
    r"/(?:activate|activation|confirm|verify_email|email_confirm|change_email_settings)/",
    r"/(?:unsubscribe|optout|email_opt_out|notification_prefs/unsubscribe)/",
    r"/(?:token|access_token|refresh_token|invite|invitation|key)/",
    r"/(?:login|signin|magic|auth/complete)/(?=[^/]{12,})",
    r"/account/recovery/",
)
_RULES = re.compile(
    f"(?P<person>{'|'.join(_PERSON_AFTER)})(?P<who>[^/,?#]+)"
    f"|(?P<secret>{'|'.join(_SECRET_AFTER)})(?P<what>[^?#]+)"
)
_JWT = re.compile(r"\beyJ[\w-]{5,}(?:\.[\w-]*){1,4}")
_WORDS_OF_PATHS = frozenset(
    ("me", "account", "accounts", "v0", "v1", "v2", "settings", "login_session", "registration",
     "password_reset", "password", "logout_session", "social", "preferences", "user_api")
)  # fmt: skip
_PARAMETER = re.compile(r";[A-Za-z_]+=[^/;]*")
"""``;jsessionid=…``; a bare ``;_`` is a slash in the platform's older usage ids."""
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")


def path_of(url: str) -> str:
    """The path of an address or of a path, without query, fragment, parameters and host."""
    scheme = _ADDRESS.match(url)
    if scheme:
        start = url.find("/", scheme.end())
        url = url[start:] if start != -1 else "/"
    return _cut(url)


def host_of(url: str) -> str:
    """The host that an address names, in lower case, or nothing."""
    scheme = _ADDRESS.match(url)
    if not scheme:
        return ""
    host = re.split(r"[/?#\\]", url[scheme.end() :], maxsplit=1)[0].rpartition("@")[2].lower()
    host = host.partition(":")[0]
    return host if re.fullmatch(r"[a-z0-9.-]{1,253}", host) else ""


def scrub_path(path: str) -> str:
    """A path without usernames, numbers of persons, keys and e-mail addresses."""
    path = _RULES.sub(_by_rule, path)
    return mask(path)


def scrub_text(text: str) -> str:
    """A text without e-mail addresses; an address of a page also loses query and names."""
    scheme = _ADDRESS.match(text)
    if scheme:
        return f"{scheme[0]}{host_of(text)}{scrub_path(path_of(text))}"
    if text.startswith("/"):
        return scrub_path(_cut(text))
    return mask(text)


def mask(text: str) -> str:
    """The text with signed tokens and e-mail addresses replaced."""
    return mask_mail(_JWT.sub(SECRET, text) if "eyJ" in text else text)


def mask_mail(text: str) -> str:
    """The text with each e-mail address replaced; usage keys, which look alike, stay."""
    if "@" not in text and "40" not in text:
        return text
    return _MAIL.sub(_unless_usage_key, text)


def without_username(path: str, username: str) -> str:
    """The path with each part that is the username replaced."""
    parts = re.split(r"([/,])", path)
    return "".join(USER if part == username else part for part in parts)


def _cut(path: str) -> str:
    return _PARAMETER.sub("", re.split(r"[?#]", path, maxsplit=1)[0])


def _by_rule(found: re.Match[str]) -> str:
    if found["secret"] is not None:
        return found["secret"] + (_kept(found["what"]) or SECRET)
    return found["person"] + (_kept(found["who"]) or USER)


def _kept(part: str) -> str:
    """The part itself if it is a word of the platform's own addresses."""
    return part if part.strip("/") in _WORDS_OF_PATHS else ""


def _unless_usage_key(found: re.Match[str]) -> str:
    """``block-v1:Org+Course+Run+type@problem+block@name.more`` is an id, not an address."""
    before = found.string[max(0, found.start() - _KEY_LIMIT) : found.start()]
    is_key = (found[1].endswith("+type") and before.endswith(_KEY)) or (
        found[1].endswith("+block") and _KEY_UP_TO_TYPE.search(before) is not None
    )
    return found[0] if is_key else MAIL
