"""JUnit XML, for CI systems that draw test reports.

A suite for each environment, a case for each of its services: a breach is a failure, what could not be observed
is an error. What `--fail-on` lets pass, or somebody has muted, is skipped, with its reason: never shown as passed.
One more suite holds a case for each account: its coverage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from cockpit.check.coverage import AccountCoverage
from cockpit.check.report import CellReport, EnvironmentReport, Report
from cockpit.check.words import iso, sentence, summary
from cockpit.model.verdict import Health

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def render(report: Report) -> str:
    """The report as one XML document."""
    root = ET.Element("testsuites", name=f"cockpit {summary(report)}", time=f"{report.took_seconds:.3f}")
    for environment in report.environments:
        root.append(_environment_suite(report, environment))
    root.append(_coverage_suite(report))
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _environment_suite(report: Report, environment: EnvironmentReport) -> ET.Element:
    name = str(environment.id)
    cases = [_cell_case(report, name, cell) for cell in environment.cells]
    judged = Health.worst(cell.health for cell in environment.cells)
    if not cases or judged.rank < environment.health.rank:
        # The environment is worse than its parts; no case may hide that.
        case = ET.Element("testcase", classname=name, name="environment")
        _mark(report, case, environment.counted, _beyond_its_parts(report, environment), [])
        cases.append(case)
    return _suite(name, report, cases)


def _beyond_its_parts(report: Report, environment: EnvironmentReport) -> str:
    """Why an environment is worse than its services."""
    if not environment.cells:
        return "nothing to watch"
    told = {finding.key for cell in environment.cells for finding in (*cell.findings, *cell.muted)}
    every = (*environment.findings, *environment.muted)
    own = [sentence(finding, report.at) for finding in every if finding.key not in told]
    return "; ".join(own) or environment.health.value


def _cell_case(report: Report, environment: str, cell: CellReport) -> ET.Element:
    case = ET.Element("testcase", classname=environment, name=cell.service)
    if cell.health is Health.OK and not cell.muted:
        if cell.headline:
            ET.SubElement(case, "system-out").text = _clean(cell.headline)
        return case
    details = [f"{f.health.value} {f.subject}: {sentence(f, report.at)}" for f in (*cell.findings, *cell.muted)]
    message = details[0] if details else cell.note or "not observed"
    _mark(report, case, cell.counted, message, details)
    return case


def _mark(report: Report, case: ET.Element, health: Health, message: str, details: Sequence[str]) -> None:
    if health is Health.OK:
        # It is not well: all that is wrong with it is muted.
        ET.SubElement(case, "skipped", message=_clean(f"not counted: {message}"))
        return
    if not report.fails(health):
        ET.SubElement(case, "skipped", message=_clean(f"{health.value}, let pass: {message}"))
        return
    kind = "error" if health is Health.UNKNOWN else "failure"
    mark = ET.SubElement(case, kind, type=health.value, message=_clean(message))
    mark.text = _clean("\n".join(details))


def _coverage_suite(report: Report) -> ET.Element:
    return _suite("coverage", report, [_account_case(report, account) for account in report.accounts])


def _account_case(report: Report, account: AccountCoverage) -> ET.Element:
    case = ET.Element("testcase", classname="coverage", name=account.name)
    if not account.complete:
        details = [f"{slot.slot.region}/{slot.slot.service}: {slot.reason}" for slot in account.slots if slot.reason]
        message = f"{account.count_observed} of {len(account.slots)} slots observed"
        _mark(report, case, Health.OK if report.is_excused(account) else Health.UNKNOWN, message, details)
    return case


def _suite(name: str, report: Report, cases: Sequence[ET.Element]) -> ET.Element:
    suite = ET.Element("testsuite", name=name, timestamp=iso(report.at) or "", tests=str(len(cases)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(case.find(tag) is not None for case in cases)))
    suite.extend(cases)
    return suite


def _clean(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold, even escaped."""
    return _NOT_IN_XML.sub("?", text)
