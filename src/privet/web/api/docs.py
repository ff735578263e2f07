"""The API's own page: made from the same description as openapi.json, without any script."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from privet.web.api.app import api
from privet.web.permission import ANYBODY, opens_to


@opens_to(ANYBODY)
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every endpoint with what it takes and answers, in words."""
    schema = api.get_openapi_schema()
    context = {
        "title": schema["info"]["title"],
        "says": schema["info"]["description"],
        "endpoints": list(_endpoints(schema)),
        "forms": list(_forms(schema["components"]["schemas"])),
    }
    return render(request, "api/docs.html", context)


def _endpoints(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for path, methods in schema["paths"].items():
        for method, said in methods.items():
            body = said.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield {
                "method": method.upper(),
                "path": path,
                "summary": said["summary"],
                "says": _paragraphs(said.get("description", "")),
                "key": _key(schema, said),
                "parameters": said.get("parameters", []),
                "body": _type(body.get("schema", {})),
                "answers": [
                    {"status": status, "says": answer["description"], "form": _answer(answer)}
                    for status, answer in said["responses"].items()
                ],
            }


def _forms(schemas: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name, form in sorted(schemas.items()):
        needed = form.get("required", [])
        fields = [
            {
                "name": field,
                "type": _type(said),
                "needed": field in needed,
                "says": said.get("description", ""),
            }
            for field, said in form.get("properties", {}).items()
        ]
        yield {"name": name, "says": _paragraphs(form.get("description", "")), "fields": fields}


def _paragraphs(text: str) -> list[SafeString]:
    """A description's paragraphs; what stands between double backticks is code."""
    return [
        format_html_join(
            "", "{}", ((_piece(piece, place),) for place, piece in enumerate(part.split("``")))
        )
        for part in text.split("\n\n")
        if part
    ]


def _piece(text: str, place: int) -> SafeString:
    return format_html("<code>{}</code>" if place % 2 else "{}", text)


def _key(schema: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    """By what the endpoint recognises who asks; empty if its own words say it."""
    schemes = schema["components"].get("securitySchemes", {})
    names = [name for needed in said.get("security") or () for name in needed]
    return " ".join(schemes[name]["description"] for name in names)


def _answer(answer: Mapping[str, Any]) -> str:
    return _type(answer.get("content", {}).get("application/json", {}).get("schema", {}))


def _type(said: Mapping[str, Any]) -> str:
    """A type in words: the name of a form, a list of values, or a JSON type."""
    if "$ref" in said:
        return str(said["$ref"].rpartition("/")[2])
    if "anyOf" in said:
        return " or ".join(_type(one) for one in said["anyOf"])
    if "enum" in said:
        return ", ".join(str(value) for value in said["enum"])
    if said.get("type") == "array":
        return f"list of {_type(said['items'])}"
    if isinstance(said.get("additionalProperties"), Mapping):
        return f"object of {_type(said['additionalProperties'])}"
    return str(said.get("format") or said.get("type", ""))
