"""The views that people may query; their columns are documented in the package's docstring."""

from typing import Final

_RUNS = """
CREATE VIEW runs AS
SELECT
    o.run AS run,
    o.at AS opened_at,
    (SELECT l.at FROM facts l WHERE l.run = o.run ORDER BY l.seq DESC LIMIT 1) AS last_at,
    json_extract(o.body, '$.question.text') AS question,
    coalesce(
        (SELECT json_extract(c.body, '$.system.name') FROM facts c
         WHERE c.kind = 'chosen' AND c.run = o.run ORDER BY c.seq DESC LIMIT 1),
        json_extract(o.body, '$.question.system')) AS system,
    json_extract(o.body, '$.model') AS model,
    coalesce(
        (SELECT json_extract(c.body, '$.how') FROM facts c
         WHERE c.kind = 'closed' AND c.run = o.run ORDER BY c.seq DESC LIMIT 1),
        'running') AS state,
    (SELECT json_extract(a.body, '$.verdict') FROM facts a
     WHERE a.kind = 'answer' AND a.run = o.run ORDER BY a.seq DESC LIMIT 1) AS verdict,
    (SELECT count(*) FROM facts t
     WHERE t.kind IN ('measured', 'failed') AND t.run = o.run) AS trials,
    (SELECT coalesce(sum(json_extract(m.body, '$.usd')), 0.0) FROM facts m
     WHERE m.kind = 'call' AND m.run = o.run) AS usd
FROM facts o
WHERE o.kind = 'opened'
"""

# A trial that was started again after a crash has several intents: its row is the newest one's.
_TRIALS = """
CREATE VIEW trials AS
WITH begun AS (
    SELECT
        run, at, body,
        json_extract(body, '$.setup') AS setup,
        json_extract(body, '$.trial') AS trial,
        row_number() OVER (
            PARTITION BY run, json_extract(body, '$.setup'), json_extract(body, '$.trial')
            ORDER BY seq DESC) AS newest
    FROM facts WHERE kind = 'started'
), ended AS (
    SELECT
        run, kind, body,
        json_extract(body, '$.setup') AS setup,
        json_extract(body, '$.trial') AS trial,
        row_number() OVER (
            PARTITION BY run, json_extract(body, '$.setup'), json_extract(body, '$.trial')
            ORDER BY seq DESC) AS newest
    FROM facts WHERE kind IN ('measured', 'failed')
)
SELECT
    b.run AS run,
    b.setup AS setup,
    b.trial AS trial,
    (SELECT json_extract(s.body, '$.plan') FROM facts s
     WHERE s.kind = 'setup' AND s.run = b.run AND json_extract(s.body, '$.id') = b.setup
     ORDER BY s.seq DESC LIMIT 1) AS plan,
    json_extract(b.body, '$.arm') AS arm,
    json_extract(b.body, '$.phase') AS phase,
    json_extract(b.body, '$.seed') AS seed,
    json_extract(b.body, '$.analysed') AS analysed,
    json_extract(b.body, '$.settings') AS settings,
    b.at AS started_at,
    coalesce(e.kind, 'started') AS state,
    json_extract(e.body, '$.why') AS why,
    json_extract(e.body, '$.usage.wall_s') AS wall_s,
    json_extract(e.body, '$.usage.cpu_s') AS cpu_s,
    json_extract(e.body, '$.usage.peak_memory_mib') AS peak_memory_mib,
    json_extract(e.body, '$.usage.energy_j') AS energy_j
FROM begun b
LEFT JOIN ended e
    ON e.run = b.run AND e.setup = b.setup AND e.trial = b.trial AND e.newest = 1
WHERE b.newest = 1
"""

_METRICS = """
CREATE VIEW metrics AS
SELECT
    t.run AS run,
    t.setup AS setup,
    t.trial AS trial,
    t.arm AS arm,
    t.phase AS phase,
    t.seed AS seed,
    t.analysed AS analysed,
    json_extract(m.value, '$.name') AS metric,
    json_extract(m.value, '$.value') AS value,
    json_extract(m.value, '$.unit') AS unit
FROM trials t
JOIN facts f
    ON f.kind = 'measured' AND f.run = t.run
    AND json_extract(f.body, '$.setup') = t.setup
    AND json_extract(f.body, '$.trial') = t.trial
JOIN json_each(f.body, '$.result.metrics') m
"""

_CLAIMS = """
CREATE VIEW claims AS
WITH tested AS (
    SELECT
        run, seq, body,
        row_number() OVER (
            PARTITION BY run, json_extract(body, '$.plan'), json_extract(body, '$.id')
            ORDER BY seq DESC) AS newest
    FROM facts WHERE kind = 'analysis'
)
SELECT
    run AS run,
    json_extract(body, '$.plan') AS plan,
    json_extract(body, '$.id') AS claim,
    json_extract(body, '$.claim.kind') AS kind,
    json_extract(body, '$.claim.metric') AS metric,
    json_extract(body, '$.verdict') AS verdict,
    json_extract(body, '$.found') AS found,
    json_extract(body, '$.effect') AS effect,
    json_extract(body, '$.estimate') AS estimate,
    json_extract(body, '$.low') AS low,
    json_extract(body, '$.high') AS high,
    json_extract(body, '$.unit') AS unit,
    json_extract(body, '$.p') AS p,
    json_extract(body, '$.n') AS n,
    json_extract(body, '$.power') AS power,
    json_extract(body, '$.method') AS method,
    json_extract(body, '$.exploratory') AS exploratory
FROM tested
WHERE newest = 1
"""

_VERDICTS = """
CREATE VIEW verdicts AS
SELECT
    run AS run,
    seq AS seq,
    at AS at,
    json_extract(body, '$.gate') AS gate,
    json_extract(body, '$.subject') AS subject,
    json_extract(body, '$.round') AS round,
    json_extract(body, '$.accepted') AS accepted,
    json_extract(body, '$.remedy') AS remedy,
    json_array_length(body, '$.findings') AS checks,
    (SELECT count(*) FROM json_each(body, '$.findings') f
     WHERE json_extract(f.value, '$.status') IN ('failed', 'error')) AS failures
FROM facts
WHERE kind = 'verdict'
"""

_MODEL_CALLS = """
CREATE VIEW model_calls AS
SELECT
    run AS run,
    seq AS seq,
    at AS at,
    json_extract(body, '$.role') AS role,
    json_extract(body, '$.number') AS number,
    json_extract(body, '$.attempt') AS attempt,
    json_extract(body, '$.model') AS model,
    json_extract(body, '$.way') AS way,
    json_extract(body, '$.want') AS want,
    json_extract(body, '$.tokens_in') AS tokens_in,
    json_extract(body, '$.tokens_out') AS tokens_out,
    json_extract(body, '$.usd') AS usd,
    json_extract(body, '$.latency_s') AS latency_s,
    json_extract(body, '$.problem') AS problem
FROM facts
WHERE kind = 'call'
"""

VIEWS: Final = (_RUNS, _TRIALS, _METRICS, _CLAIMS, _VERDICTS, _MODEL_CALLS)
"""Those of schema version 1; a changed view is dropped and made anew by a later migration."""
