"""The base of all errors."""

from privet.kernel.errors import CannotDecryptError, ConfigError, PrivetError


def test_an_error_says_what_happened_and_what_to_do() -> None:
    error = PrivetError("The hedge is high.", remedy="Walk round it.")
    assert (error.what, error.remedy) == ("The hedge is high.", "Walk round it.")
    assert str(error) == "The hedge is high. Walk round it."


def test_every_error_of_the_kernel_is_one_of_privet() -> None:
    assert all(issubclass(kind, PrivetError) for kind in (ConfigError, CannotDecryptError))
