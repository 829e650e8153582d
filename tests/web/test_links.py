"""Addresses that templates remember are those that Flask would build."""

from flask import Flask, url_for


def test_links_are_those_of_flask(app: Flask) -> None:
    link = app.jinja_env.globals["url_for"]
    for base in ("http://localhost", "http://localhost/below"):
        with app.test_request_context("/", base_url=base):
            for endpoint, values in (
                ("study.today", {}),
                ("study.chapter", {"subject": "a", "chapter": "b"}),
                ("study.chapter", {"subject": "a b", "chapter": "中"}),
                ("study.question", {"way": "one", "question": "q"}),
                ("study.question", {"_external": True}),
                ("study.question", {"_anchor": "x"}),
            ):
                for _time in range(2):
                    assert link(endpoint, **values) == url_for(endpoint, **values)  # type: ignore[operator]
