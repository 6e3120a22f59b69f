"""`trifactor crate`: read by RO-Crate's own library, and held against the profile by its validator."""

import json
import shutil
from pathlib import Path

import pytest
import requests
import rocrate
from rocrate.rocrate import ROCrate
from rocrate_validator import models, services
from rocrate_validator.utils import http

from trifactor import command, program

# The terms of JSON-LD, as RO-Crate's library brings them: nothing is fetched.
TERMS = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()
TASK = Path(__file__).resolve().parents[2] / "sweeps" / "tasks" / "match.yaml"
SWEEP = """\
name: small
question: Does a crate say what was done?
base:
  trials: 20
  network.units: 12
  meta: {iterations: 2, lifetimes: 2, validation-networks: 2}
  evaluation.networks: 2
axes: {task: [cue-association, match.yaml], rule.degree: [1, 2]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("crate")
    shutil.copy(TASK, place / "match.yaml")
    (place / "small.yaml").write_text(SWEEP)
    program.ask(program.find(), "run", str(place / "small.yaml"), "--out", str(place / "out"))
    return place / "out"


def crate(folder, *words):
    return program.ask(program.find(), "crate", str(folder), *words)


@pytest.fixture
def described(folder):
    said = crate(folder, "--author", "Ada Lovelace", "--license", "CC-BY-4.0")
    assert said.startswith(f"{folder}/ro-crate-metadata.json: launches: 1, files of records: ")
    return ROCrate(str(folder))


class Offline:
    """The terms instead of the network."""

    def get(self, url, **_):
        answer = requests.Response()
        answer.status_code, answer._content, answer.url = 200 if "context" in url else 504, TERMS, url
        answer.headers["Content-Type"] = "application/ld+json"
        return answer

    head = get


def complaints(folder, severity):
    settings = services.ValidationSettings(
        rocrate_uri=str(folder), profile_identifier="process-run-crate-0.5", requirement_severity=severity, offline=True
    )
    http.HttpRequester().session = Offline()
    return {issue.message for issue in services.validate(settings).get_issues()}


def test_an_action_names_instrument_objects_and_results(described, folder):
    root = described.root_dataset
    assert root["name"] == "small" and root["description"] == "Does a crate say what was done?"
    assert root["license"]["name"] == "CC-BY-4.0" and root["author"]["name"] == "Ada Lovelace"
    assert root["conformsTo"].id == "https://w3id.org/ro/wfrun/process/0.5"
    action = root["mentions"]
    assert action.type == "CreateAction" and action["agent"]["name"] == "Ada Lovelace"
    launch = json.loads((folder / "sweep.json").read_text())["launches"][0]
    program_ = action["instrument"]
    assert program_.type == "SoftwareApplication" and launch["commit"] in program_["softwareVersion"]
    assert program_["softwareVersion"].startswith(launch["version"])
    assert action["startTime"] == launch["started"].replace("Z", "+00:00") and "error" not in action
    objects = {entity.id for entity in action["object"]}
    assert "sweep.yaml" in objects and any(name.startswith("tasks/match@") for name in objects)
    results = {entity.id for entity in action["result"]}
    assert results == {"sweep.json"} | {f"shards/{path.name}" for path in (folder / "shards").iterdir()}


def test_every_file_is_there_with_its_size(described, folder):
    parts = described.root_dataset["hasPart"]
    assert len(parts) > 5
    for part in parts:
        assert (folder / part.id).stat().st_size == int(part["contentSize"]), part.id


def test_it_is_a_process_run_crate(described, folder):
    assert complaints(folder, models.Severity.REQUIRED) == set()
    left = complaints(folder, models.Severity.RECOMMENDED)
    # A publisher is who takes it in; people are names alone; a program with uncommitted changes has no address.
    allowed = {
        "The author SHOULD have an organizational affiliation.",
        "The author SHOULD have a Contextual Entity which specifies the organizational `affiliation`.",
        "The `publisher` property of a `Root Data Entity` SHOULD be an `Organization`",
        "The SoftwareApplication id SHOULD be an absolute URI",
    }
    assert left <= allowed, left - allowed


def test_the_validator_sees_a_missing_instrument(described, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "out")
    path = tmp_path / "out" / "ro-crate-metadata.json"
    graph = json.loads(path.read_text())
    for entity in graph["@graph"]:
        entity.pop("instrument", None)
    path.write_text(json.dumps(graph))
    assert complaints(tmp_path / "out", models.Severity.REQUIRED)


def test_results_and_resume_do_not_know_of_it(folder, tmp_path):
    sweep = folder.parent / "small.yaml"
    export = [folder.parent / name for name in ("before.csv", "after.csv")]
    (folder / "ro-crate-metadata.json").unlink(missing_ok=True)
    program.ask(program.find(), "export", str(folder), "--to", str(export[0]))
    shards = {path: path.read_bytes() for path in (folder / "shards").iterdir()}
    crate(folder)
    first = (folder / "ro-crate-metadata.json").read_bytes()
    crate(folder)
    assert (folder / "ro-crate-metadata.json").read_bytes() == first
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    program.ask(program.find(), "run", str(sweep), "--out", str(copy))
    program.ask(program.find(), "verify", str(copy))
    program.ask(program.find(), "export", str(copy), "--to", str(export[1]))
    assert export[0].read_bytes() == export[1].read_bytes()
    assert {path: path.read_bytes() for path in (folder / "shards").iterdir()} == shards
    crate(copy)
    assert len(ROCrate(str(copy)).root_dataset["mentions"]) == 2


def test_what_is_no_licence_or_folder_is_told(folder, tmp_path):
    with pytest.raises(command.CommandError, match="--license is 'all mine'; wanted: an SPDX identifier"):
        crate(folder, "--license", "all mine")
    with pytest.raises(command.CommandError, match="--author is empty; wanted: the name of a person"):
        crate(folder, "--author", "")
    with pytest.raises(command.CommandError, match="is no result folder"):
        crate(tmp_path)
