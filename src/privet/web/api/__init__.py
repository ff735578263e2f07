"""The documented API: consent for browsers and native apps, and the way in from the platform."""
