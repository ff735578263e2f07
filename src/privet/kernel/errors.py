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


class ConfigError(PrivetError):
    """A setting is missing or cannot be used."""


class CannotDecryptError(PrivetError):
    """A sealed value does not open: its key is gone, or it was changed."""
