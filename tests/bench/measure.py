# SPDX-License-Identifier: Apache-2.0
"""What the figures are made of: the machine, processes' time and memory, Postgres's counters, and baselines."""
import json
import os
import re
import subprocess
import time

BUILD = os.environ.get("BENCH_BUILD", "build")
BIN = os.path.join(BUILD, "bin")
PG_BIN = os.environ.get("BENCH_PG_BIN", "")
SERVER_URL = os.environ.get("BENCH_DATABASE_URL", "")  # without a database's name


# ---- the machine

def read(path):
    with open(path) as file:
        return file.read()


def load():
    return float(read("/proc/loadavg").split()[0])


def machine():
    model = re.search(r"model name\s*: (.*)", read("/proc/cpuinfo"))
    memory_kib = int(re.search(r"MemTotal:\s+(\d+)", read("/proc/meminfo")).group(1))
    return {"cpu": model.group(1) if model else os.uname().machine, "cores": len(os.sched_getaffinity(0)),
            "memory_gib": round(memory_kib / 1024 / 1024, 1), "kernel": os.uname().release, "load": load()}


def pause(seconds):
    """A window of time that is being measured."""
    time.sleep(seconds)


# ---- processes

def cpu_s(pid):
    """Processor time of a process's living threads, in seconds; exact to the microsecond."""
    total = 0
    for thread in os.listdir("/proc/%d/task" % pid):
        try:
            total += int(read("/proc/%d/task/%s/schedstat" % (pid, thread)).split()[0])
        except OSError:
            pass  # a thread that has just ended
    return total / 1e9


def rss_mib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", read("/proc/%d/status" % pid)).group(1)) / 1024


# ---- Postgres

def sql(database, text):
    """The rows of a query, each a list of texts."""
    done = subprocess.run([os.path.join(PG_BIN, "psql"), "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", text,
                           SERVER_URL + "/" + database], stdout=subprocess.PIPE, text=True, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


STATISTICS_DELAY_S = 11  # an idle backend hands its counters over within 10 s


def counters(database):
    """Statements and commits of a database, WAL flushes of the server; exact once STATISTICS_DELAY_S have passed."""
    row = sql("postgres", """SELECT (SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d
        ON d.oid = s.dbid WHERE d.datname = '%s' AND toplevel),
        (SELECT xact_commit FROM pg_stat_database WHERE datname = '%s'), (SELECT wal_sync FROM pg_stat_wal)"""
              % (database, database))[0]
    return {"statements": float(row[0]), "commits": float(row[1]), "flushes": float(row[2])}


def difference(after, before):
    return {name: after[name] - before[name] for name in after}


# ---- baselines

BARE = "INSERT INTO bare (a) VALUES ('one row, one commit');\n"
BATCH_ROWS = 256
BATCH = "INSERT INTO bare (a) SELECT a FROM unnest(string_to_array(:rows, ',')) AS u (a);\n"


def pgbench(script, seconds, *options):
    path = os.path.join(BUILD, "bench", "script.sql")
    with open(path, "w") as file:
        file.write(script)
    done = subprocess.run([os.path.join(PG_BIN, "pgbench"), "-n", "-M", "prepared", "-c", "1", "-T", str(seconds),
                           "-f", path, *options, SERVER_URL + "/bare"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=True)
    return float(re.search(r"tps = ([0-9.]+)", done.stdout).group(1))


def baseline_prepare():
    sql("postgres", "CREATE DATABASE bare")
    sql("bare", "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text)")


def bare_commits_s(seconds=1):
    """One row inserted and committed, again and again over one connection: the machine's unit of durability."""
    return pgbench(BARE, seconds)


def unnest_rows_s(seconds=1):
    rows = ",".join("row %d of a batch" % number for number in range(BATCH_ROWS))
    return BATCH_ROWS * pgbench(BATCH, seconds, "-D", "rows=" + rows)


# ---- numbers

def quantile(values, q):
    ordered = sorted(values)
    return ordered[min(int(q * len(ordered)), len(ordered) - 1)]


def median(values):
    return quantile(values, 0.5)


def in_turns(turns, work, *baselines):
    """work() and the baselines by turns: the median of work()'s rates; of each baseline the median of the turns' ratios
    (to the mean of the baseline before and after the turn) and what was seen of it. A machine that is busy for a while
    is so for both."""
    before = [baseline() for baseline in baselines]
    rates, ratios, seen = [], [[] for _ in baselines], [[rate] for rate in before]
    for _ in range(turns):
        rates.append(work())
        after = [baseline() for baseline in baselines]
        for i, rate in enumerate(after):
            ratios[i].append(rates[-1] / ((before[i] + rate) / 2))
            seen[i].append(rate)
        before = after
    return median(rates), [median(of_one) for of_one in ratios], seen


# ---- load on a gateway

def run_load(port, secret_file, **options):
    words = [os.path.join(BIN, "bench-load"), "--port", str(port), "--secret-file", secret_file]
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), str(value)]
    return json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout)
