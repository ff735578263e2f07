"""The addresses of the learner's centre."""

from django.urls import path

from privet.web.centre.choices import choices
from privet.web.centre.data import data
from privet.web.centre.looks import looks
from privet.web.centre.overview import overview
from privet.web.centre.receipts import receipt
from privet.web.centre.regime import regime

app_name = "centre"
urlpatterns = [
    path("", overview, name="overview"),
    path("data", data, name="data"),
    path("looks", looks, name="looks"),
    path("choices", choices, name="choices"),
    path("regime", regime, name="regime"),
    path("receipts/<uuid:record>", receipt, name="receipt"),
]
