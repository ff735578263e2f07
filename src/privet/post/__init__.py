"""The outbox for every mail: written in a transaction, delivered by the worker."""
