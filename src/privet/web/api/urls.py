"""The addresses of the API, and of the way in from the platform."""

from django.urls import URLPattern, URLResolver, path

from privet.web.api.app import api
from privet.web.api.docs import docs
from privet.web.api.enter import enter
from privet.web.api.experiments import experiments
from privet.web.api.guard import guard
from privet.web.api.notice_script import notice_script
from privet.web.api.preferences import preferences
from privet.web.api.totals_script import totals_script
from privet.web.api.well_known import gpc, receipt_key
from privet.web.permission import ANYBODY, mount

_patterns, _app, _namespace = api.urls
mount(_patterns, ANYBODY)

urlpatterns: list[URLPattern | URLResolver] = [
    path(".well-known/gpc.json", gpc, name="gpc"),
    path(".well-known/privet-receipts.json", receipt_key, name="receipt_key"),
    path("api/v1/docs", docs, name="api_docs"),
    path("api/v1/experiments.js", experiments, name="experiments_script"),
    path("api/v1/guard.js", guard, name="guard_script"),
    path("api/v1/notice.js", notice_script, name="notice_script"),
    path("api/v1/preferences.js", preferences, name="preferences_script"),
    path("api/v1/totals.js", totals_script, name="totals_script"),
    path("api/v1/", (_patterns, _app, _namespace)),
    path("privacy/enter", enter, name="privacy_enter"),
]
