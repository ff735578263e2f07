"""The public pages of policies, and what they are made of."""
