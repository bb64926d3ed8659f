# SPDX-License-Identifier: Apache-2.0
"""Figures as they come: a line each on the terminal, all of them in build/bench/figures.json."""
import json
import os
import time

from measure import BUILD, load, machine

FIGURES = os.path.join(BUILD, "bench", "figures.json")
LINE = "%-58s %12s %-14s %-16s %-7s %s"


class Report:
    def __init__(self, quick):
        self.path = FIGURES
        self.machine = machine()
        self.quick = quick
        self.figures = []
        print("%(cpu)s, %(cores)d cores, %(memory_gib)s GiB, Linux %(kernel)s, load %(load).2f" % self.machine)
        print(LINE % ("figure", "value", "unit", "target", "", "load"), flush=True)

    def add(self, name, value, unit, most=None, least=None, **detail):
        """One figure, with the limit it is to keep (at most, at least) and what it was made of."""
        within = (most is None or value <= most) and (least is None or value >= least)
        limit = "<= %g" % most if most is not None else ">= %g" % least if least is not None else ""
        word = "" if not limit else "ok" if within else "MISSED"
        print(LINE % (name, "%.3f" % value if value < 100 else "%.0f" % value, unit, limit, word,
                      "%.2f" % load()), flush=True)
        for key, item in detail.items():
            print("    %s: %s" % (key, shown(item)), flush=True)
        self.figures.append({"name": name, "value": value, "unit": unit, "at_most": most, "at_least": least,
                             "within": within if limit else None, "load": load(), "at": time.time(), "detail": detail})
        self.write()

    def measured(self):
        return {"machine": self.machine, "quick": self.quick, "figures": self.figures}

    def write(self):
        with open(self.path, "w") as file:
            json.dump(self.measured(), file, indent=1)

    def summary(self):
        missed = [figure["name"] for figure in self.figures if figure["within"] is False]
        print("\n%d figures, %d of them miss their target%s" % (len(self.figures), len(missed), "".join(
            "\n    " + name for name in missed)))
        print("all of it, as JSON: %s" % self.path)


def shown(item):
    if isinstance(item, float):
        return "%.4g" % item
    if isinstance(item, dict):
        return ", ".join("%s %s" % (key, shown(value)) for key, value in item.items())
    if isinstance(item, (list, tuple)):
        return " ".join(shown(value) for value in item)
    return str(item)
