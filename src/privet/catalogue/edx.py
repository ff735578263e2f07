"""What only Open edX's tracking logs hold: implicit URL events, sequences, books and the rest."""

from privet.catalogue.spec import Event

EVENTS: tuple[Event, ...] = ()
