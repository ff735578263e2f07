"""Queries about who took which course, for suggestions; none of them may be put by `asking.ask`.

They are asked under the personalisation use alone. What they find is worked into a model that
names courses and nobody, or is shown to the learner whose history it is.
"""
