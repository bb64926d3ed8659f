# SPDX-License-Identifier: Apache-2.0
"""Puts the figures of the last run into a page, between the lines "<!-- measured -->" and "<!-- end -->"."""
import re
import time

from report import shown

PART = re.compile(r"(<!-- measured -->\n).*?(<!-- end -->)", re.S)
HEAD = "| figure | value | target | | with it |\n|---|---|---|---|---|\n"


def number(value):
    return "%.3g" % value if abs(value) < 100 else "%.0f" % value


def row(figure):
    limit = "at most " + number(figure["at_most"]) if figure["at_most"] is not None else \
        "at least " + number(figure["at_least"]) if figure["at_least"] is not None else ""
    verdict = {None: "", True: "met", False: "**missed**"}[figure["within"]]
    detail = "; ".join("%s %s" % (name.replace("_", " "), shown(item)) for name, item in figure["detail"].items())
    value = ("%s %s" % (number(figure["value"]), figure["unit"])).strip()
    return "| %s | %s | %s | %s | %s |\n" % (figure["name"].strip(), value, limit, verdict, detail)


def table(measured):
    machine = measured["machine"]
    loads = [figure["load"] for figure in measured["figures"]]
    missed = sum(figure["within"] is False for figure in measured["figures"])
    text = "%s, %d cores, %g GiB, Linux %s; %s%s. Load average %.1f before, up to %.1f in the course of it.\n" % (
        machine["cpu"], machine["cores"], machine["memory_gib"], machine["kernel"],
        time.strftime("%Y-%m-%d", time.gmtime(measured["figures"][0]["at"])),
        ", a quick run" if measured["quick"] else "", machine["load"], max(loads))
    text += "%d figures; %s.\n\n" % (len(loads), "%d miss their target" % missed if missed else "none misses its target")
    return text + HEAD + "".join(row(figure) for figure in measured["figures"])


def write(path, measured):
    with open(path) as file:
        page = file.read()
    if not PART.search(page):
        raise SystemExit('bench: %s has no part between "<!-- measured -->" and "<!-- end -->"' % path)
    if not measured["figures"]:
        raise SystemExit("bench: nothing was measured")
    with open(path, "w") as file:
        file.write(PART.sub(lambda found: found.group(1) + "\n" + table(measured) + "\n" + found.group(2), page))
    print("written into %s" % path)
