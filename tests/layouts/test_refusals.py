"""Rows of which a vendor's export does not say what they are: each layout refuses them, and says which column it is.

In: the samples of tests/layouts, one row of each altered. Out: pass or fail.
Refuses to know: rows that can be read (test_layouts).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ccmetrics.catalogue import load_catalogue
from ccmetrics.problem import DataRefused
from ccmetrics.stages.load import load_all
from ccmetrics.stages.normalize import normalize

HERE = Path(__file__).parent

ALTERED = {
    "no agent, and it went on: a callback, another queue, or a flow": (
        "amazon_connect_ctr/sample.jsonl",
        '"ContactId":"c-0004","DisconnectReason":"CONTACT_FLOW_DISCONNECT",',
        ('"NextContactId":null,"PreviousContactId":null,"Queue":null', '"NextContactId":"c-0099","Queue":null'),
        "outcome",
    ),
    "ended for a reason nobody had heard of": (
        "amazon_connect_ctr/sample.jsonl",
        '"ContactId":"c-0004"',
        ("CONTACT_FLOW_DISCONNECT", "SOLAR_FLARE"),
        "ended_by",
    ),
    "queued, not abandoned, and no agent": (
        "genesys_interactions_metrics/sample.csv",
        "-000000000003,",
        (",YES,", ",NO,"),
        "outcome",
    ),
    "abandoned and handled": ("genesys_interactions_es/sample.csv", "19m 10s", (";45s;1;", ";45s;1;2m"), "outcome"),
    "handled within the service level by nobody": (
        "nice_cxone/sample.csv",
        "402000000006,",
        (",-1,", ",0,"),
        "outcome",
    ),
    "a disposition of the company's own, without an agent": (
        "five9/sample.csv",
        "300000000000003,",
        ("Caller Disconnected", "Voicemail left"),
        "outcome",
    ),
    "a kind of call the log was not known to have": (
        "five9/sample.csv",
        "300000000000001,",
        (",Inbound,ana", ",3rd party transfer,ana"),
        "direction",
    ),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_an_export_does_not_say_is_not_guessed(what: str, tmp_path: Path) -> None:
    name, mark, (old, new), column = ALTERED[what]
    sample = HERE / name
    lines = sample.read_text(encoding="utf-8").split("\n")
    at = next(number for number, line in enumerate(lines) if mark in line)
    altered = lines[at].replace(old, new)
    assert altered != lines[at]
    path = tmp_path / sample.name
    path.write_text("\n".join([*lines[:at], altered, *lines[at + 1 :]]), encoding="utf-8")
    catalogue = load_catalogue()
    with pytest.raises(DataRefused) as refused:
        normalize(load_all([path], [], catalogue.layouts, catalogue.project.layouts), catalogue)
    (problem,) = refused.value.problems
    assert (problem.name, problem.place.line) == ("unknown-value", at + 1)
    assert problem.text.startswith(f"{column}: ")
