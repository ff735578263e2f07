"""What each learner allows: notices, decisions, regimes, and the snapshot that doors obey."""
