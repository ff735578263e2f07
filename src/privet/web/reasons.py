"""Why something was not stored, in words. The reasons themselves are the collector's.

A test holds this list beside the collector's: each of its reasons is explained here.
"""

from django.utils.translation import gettext_lazy as _

from privet.web.words import Words

EVENTS: dict[str, Words] = {
    "undecided": _("The person has not decided yet, so nothing that a browser observes is stored."),
    "refused": _("The person allows none of the uses this event could serve."),
    "restricted": _("The person had the processing of their data restricted."),
    "objected": _("The person objected to the uses that were left."),
    "needs_choice": _("This event needs a choice that the person did not make."),
    "gpc": _("Global Privacy Control was on, and the event serves only what it forbids."),
    "unlisted_event": _("The catalogue lists no event of this name, so it may not be collected."),
    "not_for_source": _("A browser reported something that only a server may report."),
    "too_old": _("The event is older than events of this source may be."),
    "in_future": _("The event claims to be from the future."),
    "clock": _("The sender's clock is too far off to be corrected."),
    "duplicate": _("Its sender had sent the same event before; it is stored once."),
    "erased": _("The person was erased after it happened."),
    "not_allowed_any_more": _("The person withdrew or objected before it was loaded."),
    "expired": _("It was older than any of its uses may keep it."),
    "cookie_malformed": _("A consent cookie could not be read; it counted as no consent."),
    "cookie_forged": _("A consent cookie's signature was not ours; it counted as no consent."),
    "cookie_foreign_site": _("A consent cookie was another site's; it counted as no consent."),
    "cookie_stale": _("A consent cookie was too old; it counted as no consent."),
    "cookie_future": _("A consent cookie was dated ahead; it counted as no consent."),
    "cookie_duplicate": _("Two consent cookies said different things; neither counted."),
}

FIELDS: dict[str, Words] = {
    "unlisted_field": _("The catalogue lists no such field for the event."),
    "field_too_long": _("The value is longer than the catalogue allows."),
    "field_too_deep": _("The value is nested too deeply."),
    "field_type": _("The value is of another type than the catalogue says."),
    "field_not_permitted": _("None of the uses that were left may see the field."),
}

REQUESTS: dict[str, Words] = {
    "not_found": _("There is nothing at the path that was asked for."),
    "method": _("The path does not take that method."),
    "content_type": _("The body is neither JSON nor text."),
    "content_encoding": _("The body was compressed, which the collector does not take."),
    "body_too_large": _("The body was too large."),
    "body_too_slow": _("The body did not arrive in time."),
    "body_incomplete": _("The body did not arrive whole."),
    "bad_utf8": _("The body was not UTF-8."),
    "bad_json": _("The body was not JSON."),
    "duplicate_key": _("An object of the body had one key twice."),
    "nul": _("A text held a NUL character."),
    "too_deep": _("The body was nested too deeply."),
    "wrong_shape": _("A part of the batch was missing, too long or of the wrong type."),
    "bad_event_id": _("An event's id was not a UUIDv7."),
    "bad_session": _("An event's session was not 8 bytes."),
    "bad_address": _("An event's address was not an IP address."),
    "batch_empty": _("The batch held no event."),
    "batch_too_large": _("The batch held too many events."),
    "unknown_site": _("No site of that name is registered."),
    "origin_not_allowed": _("The page's origin is not on the site's list."),
    "bad_token": _("The identity token proved nothing: expired, forged or for another site."),
    "bad_key": _("The API key is not known, was revoked, or is another site's."),
    "rate": _("Too many requests came from one address."),
    "log_full": _("The disk of the event log was full; senders were told to come back."),
    "log_failed": _("The event log could not be written; senders were told to come back."),
    "fault": _("An error that nobody foresaw; the server's log has its number."),
}
