"""Differences between two forms of a policy, line by line."""

import msgspec
import pytest

from privet.consent.policies.difference import ChangeKind, compare
from privet.consent.policies.document import Document, Grid, Section
from tests.consent.policies.kit import document


def test_what_an_empty_table_says_is_a_line_of_its_own():
    def empty(words):
        grid = Grid(key="none", caption="None", columns=("Name",), rows=(), empty=words)
        section = Section(key="what", title="What", blocks=(grid,))
        return Document(title="T", summary="S", sections=(section,))

    [change] = compare(empty("Nothing is kept."), empty("Nothing is kept any more."))
    assert "Nothing is kept any more." in change.parts[0][2]


def test_a_policy_differs_in_nothing_from_itself():
    assert compare(document("a", "b"), document("a", "b")) == ()


def test_another_order_is_no_difference():
    assert compare(document("a", "b"), document("b", "a")) == ()


def test_a_new_line_is_told_with_all_that_it_says():
    [change] = compare(document("a"), document("a", "b"))
    assert (change.kind, change.section, change.anchor) == (
        ChangeKind.ADDED, "What we keep", "what",
    )  # fmt: skip
    assert change.name == "Cookies: b"
    assert change.parts == (("Name", "", "b"), ("How long", "", "1 year"))


def test_a_line_that_went_is_told_with_what_it_said():
    [change] = compare(document("a", "b"), document("a"))
    assert change.kind is ChangeKind.REMOVED
    assert change.parts == (("Name", "b", ""), ("How long", "1 year", ""))


def test_of_a_changed_line_only_what_differs_is_told():
    [change] = compare(document("a"), document("a", lifetime="1 day"))
    assert change.kind is ChangeKind.CHANGED
    assert change.parts == (("How long", "1 year", "1 day"),)


def test_a_changed_sentence_is_told_as_it_was_and_is():
    [change] = compare(document(says="We keep little."), document(says="We keep much."))
    assert (change.name, change.parts) == ("", (("", "We keep little.", "We keep much."),))


@pytest.mark.parametrize("part", ["title", "summary"])
def test_the_head_of_a_policy_counts_too(part):
    before = document("a")
    after = msgspec.structs.replace(before, **{part: "Biscuits"})
    assert len(compare(before, after)) == 1


def test_a_section_that_went_takes_its_lines_along():
    before = document("a")
    after = msgspec.structs.replace(before, sections=before.sections[1:])
    assert {change.kind for change in compare(before, after)} == {ChangeKind.REMOVED}


def _with_grid(**change):
    before = document("a", "b")
    section = before.sections[0]
    grid = msgspec.structs.replace(section.blocks[1], **change)
    changed = msgspec.structs.replace(section, blocks=(section.blocks[0], grid))
    return msgspec.structs.replace(before, sections=(changed, before.sections[1]))


def test_what_a_table_says_of_itself_is_a_line_of_its_own():
    [change] = compare(document("a", "b"), _with_grid(says="Always on."))
    assert change.parts == (("", "Cookies", "Cookies Always on."),)


def test_a_table_or_a_section_that_is_called_otherwise_is_one_change():
    [change] = compare(document("a", "b"), _with_grid(caption="Biscuits"))
    assert change.parts == (("", "Cookies", "Biscuits"),)
    before = document("a", "b")
    renamed = msgspec.structs.replace(before.sections[0], title="What is kept")
    after = msgspec.structs.replace(before, sections=(renamed, before.sections[1]))
    [change] = compare(before, after)
    assert change.parts == (("", "What we keep", "What is kept"),)


def test_a_column_that_is_called_otherwise_shows_where_its_words_went():
    change, *_ = compare(document("a", "b"), _with_grid(columns=("Name", "Time", "Last seen")))
    assert change.parts == (("Time", "", "1 year"), ("How long", "1 year", ""))
