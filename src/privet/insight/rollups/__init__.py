"""The rollups of the dashboards; docs/reference/rollups.md says how one is written."""
