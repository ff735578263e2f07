"""The one base of every error that a person may come to see."""


class PrivetError(Exception):
    """Something went wrong that Privet foresaw.

    ``what`` says in a whole sentence what happened, ``remedy`` what to do next. Neither ever
    carries personal data: both end in logs, pages and answers of the API.
    """

    def __init__(self, what: str, *, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


def place_of(error: BaseException) -> str:
    """The file and the line that raised it, for a log: its text may quote what somebody sent."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "unknown place"


class ConfigError(PrivetError):
    """A setting is missing or cannot be used."""


class CannotDecryptError(PrivetError):
    """A sealed value does not open: its key is gone, or it was changed."""
