"""Policies as values: written down in one way, read back whole, hashed without what is live."""

import msgspec

from privet.consent.policies.document import Cell, Text, digest_of, fingerprint, read, settle, write
from tests.consent.policies.kit import document


def test_what_is_written_is_read_back_whole():
    documents = {"en": document("a", "b"), "es": document("a")}
    assert read(write(documents)) == documents


def test_equal_policies_have_equal_texts_whatever_the_order_of_languages():
    one = {"en": document("a"), "es": document("b")}
    other = {"es": document("b"), "en": document("a")}
    assert write(one) == write(other)
    assert digest_of(write(one)) == digest_of(write(other))


def test_what_is_live_is_written_down_and_changes_no_fingerprint():
    before = document("a")
    checked = msgspec.structs.replace(
        before.sections[1], blocks=(Text(key="scan", words="Scanned today.", live=True),)
    )
    after = msgspec.structs.replace(before, sections=(before.sections[0], checked))
    assert write({"en": before}) != write({"en": after})
    assert fingerprint({"en": before}) == fingerprint({"en": after})


def test_a_live_cell_is_left_out_of_what_counts():
    [row] = settle(document("a")).sections[0].blocks[1].rows
    assert row.cells == (Cell(words="a"), Cell(words="1 year"))


def test_a_word_that_counts_changes_the_fingerprint():
    assert fingerprint({"en": document("a")}) != fingerprint({"en": document("a", says="Much.")})
