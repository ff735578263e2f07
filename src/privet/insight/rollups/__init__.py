"""What is kept of each day and learner, so that dashboards answer in time."""
