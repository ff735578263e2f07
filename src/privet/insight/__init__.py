"""Dashboards: questions to the lake under the analytics use, and their answers as plain values."""
