"""The installation's way to hash passwords, without its strength."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2 at its least: a hash is slow on purpose, and tests make a thousand."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
