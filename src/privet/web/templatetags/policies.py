"""Announces changed policies on a page."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

from privet.consent.policies.news import News, find_news
from privet.kernel.config import read_config
from privet.web.api.surroundings import installation
from privet.web.policies.names import NAMES

register = template.Library()


@register.inclusion_tag("policies/news.html", takes_context=True)
def policy_news(context: Context) -> dict[str, Any]:
    """A line for each policy that changed lately and that the viewer has not seen."""
    viewer = context.get("viewer")
    news = find_news(
        days=read_config().policy_news_days,
        clock=installation().clock,
        account_id=viewer.account_id if viewer else None,
    )
    return {
        "lines": [_line(one) for one in news],
        "viewer": viewer,
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
    }


def _line(news: News) -> dict[str, Any]:
    changes = reverse(f"policies:{news.kind}_changes")
    return {
        "name": NAMES[news.kind],
        "kind": news.kind.value,
        "version": news.version,
        "published": news.published.date(),
        "link": f"{changes}#version-{news.version}",
    }
