"""The addresses of the console."""

from django.urls import path

from privet.web.console.activity import activity
from privet.web.console.at_risk import at_risk, at_risk_people
from privet.web.console.consent import consent
from privet.web.console.content import content
from privet.web.console.cookies import cookies, propose, withdraw
from privet.web.console.experiments import (
    change_experiment,
    define,
    experiment,
    experiments,
)
from privet.web.console.intake import intake
from privet.web.console.integrity_case import act_on_case, integrity_case
from privet.web.console.integrity_cases import integrity_cases, integrity_findings
from privet.web.console.integrity_fairness import fairness
from privet.web.console.integrity_prevention import prevention
from privet.web.console.integrity_thresholds import save as save_thresholds
from privet.web.console.integrity_thresholds import thresholds
from privet.web.console.learner import learner, learners
from privet.web.console.ledger import ledger
from privet.web.console.live import live
from privet.web.console.origin import origin
from privet.web.console.paths import paths
from privet.web.console.places import places
from privet.web.console.policies import policies, publish
from privet.web.console.privacy import privacy
from privet.web.console.registry import registry, review
from privet.web.console.reports import change, make_key, reports, revoke_key, save
from privet.web.console.scans import scan, scan_picture, scans
from privet.web.console.technique import technique
from privet.web.console.totals import totals
from privet.web.console.ways import ways

app_name = "console"
urlpatterns = [
    path("activity", activity, name="activity"),
    path("content", content, name="content"),
    path("at-risk", at_risk, name="at_risk"),
    path("at-risk/people", at_risk_people, name="at_risk_people"),
    path("learners", learners, name="learners"),
    path("learners/<int:look>", learner, name="learner"),
    path("paths", paths, name="paths"),
    path("ways", ways, name="ways"),
    path("experiments", experiments, name="experiments"),
    path("experiments/define", define, name="define_experiment"),
    path("experiments/<int:number>", experiment, name="experiment"),
    path("experiments/<int:number>/change", change_experiment, name="change_experiment"),
    path("origin", origin, name="origin"),
    path("places", places, name="places"),
    path("technique", technique, name="technique"),
    path("totals", totals, name="totals"),
    path("reports", reports, name="reports"),
    path("reports/save", save, name="save_view"),
    path("reports/views/<int:number>", change, name="report"),
    path("reports/keys", make_key, name="make_key"),
    path("reports/keys/<int:number>/revoke", revoke_key, name="revoke_key"),
    path("privacy", privacy, name="privacy"),
    path("consent", consent, name="consent"),
    path("ledger", ledger, name="ledger"),
    path("cookies", cookies, name="cookies"),
    path("cookies/propose", propose, name="propose_cookie"),
    path("cookies/<int:number>/withdraw", withdraw, name="withdraw_cookie"),
    path("registry", registry, name="registry"),
    path("registry/<int:number>/review", review, name="review_cookie"),
    path("policies", policies, name="policies"),
    path("policies/publish", publish, name="publish_policy"),
    path("scans", scans, name="scans"),
    path("scans/<str:name>", scan, name="scan"),
    path("scans/<str:name>/pictures/<str:picture>", scan_picture, name="scan_picture"),
    path("integrity/fairness", fairness, name="integrity_fairness"),
    path("integrity/prevention", prevention, name="integrity_prevention"),
    path("integrity/thresholds", thresholds, name="integrity_thresholds"),
    path("integrity/thresholds/save", save_thresholds, name="save_thresholds"),
    path("integrity", integrity_cases, name="integrity_cases"),
    path("integrity/findings", integrity_findings, name="integrity_findings"),
    path("integrity/<int:number>", integrity_case, name="integrity_case"),
    path("integrity/<int:number>/act", act_on_case, name="act_on_case"),
    path("live", live, name="live"),
    path("intake", intake, name="intake"),
]
