"""Queries about one learner, or that name learners; none of them may be put by `asking.ask`.

What they find is shown only to staff with the right to it, after a look is on record.
"""
