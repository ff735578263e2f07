"""The addresses of the learner's centre."""

from django.urls import path

from privet.web.centre.choices import choices
from privet.web.centre.data import data
from privet.web.centre.honour import honour
from privet.web.centre.integrity import integrity, own_case, say_to_case
from privet.web.centre.looks import looks
from privet.web.centre.notices import enrolment, sign_up
from privet.web.centre.overview import overview
from privet.web.centre.receipts import receipt
from privet.web.centre.regime import regime

app_name = "centre"
urlpatterns = [
    path("", overview, name="overview"),
    path("data", data, name="data"),
    path("looks", looks, name="looks"),
    path("integrity", integrity, name="integrity"),
    path("integrity/<int:number>", own_case, name="own_case"),
    path("integrity/<int:number>/say", say_to_case, name="say_to_case"),
    path("honor", honour, name="honor"),
    path("choices", choices, name="choices"),
    path("regime", regime, name="regime"),
    path("notices/sign-up", sign_up, name="sign_up_notice"),
    path("notices/enrolment", enrolment, name="enrolment_notice"),
    path("receipts/<uuid:record>", receipt, name="receipt"),
]
