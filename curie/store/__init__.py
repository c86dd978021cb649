"""The ledger: every fact of every run in one SQLite file, in order, chained by hashes.

The only package that imports sqlmodel. `ledger.Ledger` is what the rest of curie uses; a role
gets a `ledger.Writer`, which refuses the facts of other roles (`rights`). Facts are only ever
added: the database itself refuses UPDATE, DELETE and a link that does not follow the last one.

One table, `facts`: `id` (order over all runs), `run`, `seq` (from 1, without gaps), `at` (UTC),
`author` (the role), `kind` (the fact's `fact` field), `body` (its canonical JSON), `previous` (the
hash of the run's fact before, 64 zeros for the first) and `sha256`, over the canonical JSON of
`{at, author, body, previous, run, seq}`. `schema_versions` says which migrations were applied.

Six views are for people, and keep their columns from version to version:

- `runs` (run, opened_at, last_at, question, system, model, state, verdict, trials, usd): `state` is
  running, answered or gave_up; `trials` counts outcomes; `usd` leaves out calls of unknown price.
- `trials` (run, setup, trial, plan, arm, phase, seed, analysed, settings, started_at, state, why,
  wall_s, cpu_s, peak_memory_mib, energy_j): `state` is started, measured or failed.
- `metrics` (run, setup, trial, arm, phase, seed, analysed, metric, value, unit): a row a number.
- `claims` (run, plan, claim, kind, metric, verdict, found, effect, estimate, low, high, unit, p, n,
  power, method, exploratory): a row an analysis, the newest of each claim of each plan.
- `verdicts` (run, seq, at, gate, subject, round, accepted, remedy, checks, failures).
- `model_calls` (run, seq, at, role, number, attempt, model, way, want, tokens_in, tokens_out, usd,
  latency_s, problem).

    sqlite3 ledger.db "SELECT arm, avg(value) FROM metrics WHERE metric='energy_j' GROUP BY arm"

To change the schema, add a migration at the end of `schema.MIGRATIONS`; never edit an old one.
"""

from curie.store.ledger import Ledger, Writer
from curie.store.runs import RunRow, new_run_id

__all__ = ["Ledger", "RunRow", "Writer", "new_run_id"]
