"""Hedgerow Courses: a small course platform that uses Privet as any platform would.

It shares no code with Privet. It embeds the browser SDK, signs identity tokens with a key of its
own, and reports what learners do on its server through the server API.
"""
