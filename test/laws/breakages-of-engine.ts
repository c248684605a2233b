// One-line breakages of applying, settling, observing and the stores. Part of the list in breakages.ts.

import type { Breakage } from "./breakage.ts";

export const engineBreakages: readonly Breakage[] = [
  {
    name: "the journal is written after the call",
    file: "engine/apply/send-step.ts",
    find: "  await run.write({ putJournal: previous ? [previous, entry] : [entry] });\n  return entry;",
    replace:
      "  void run.clock.sleep(1).then(() => run.write({ putJournal: previous ? [previous, entry] : [entry] })).catch(() => {});\n  return entry;",
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 60,
    },
  },
  {
    name: "a repeated request gets a new token",
    file: "engine/apply/perform-request.ts",
    find: "      token: entry.token,",
    replace: "      token: run.clock.newId(),",
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 60,
    },
  },
  {
    name: "a create that nothing protects is sent again",
    file: "engine/apply/retry.ts",
    find: 'if (error.effect === "unknown") return step.replay === "marked" ? "find" : "resend";',
    replace: 'if (error.effect === "unknown") return "resend";',
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 60,
    },
  },
  {
    name: "a late effect is not waited for",
    file: "engine/apply/run-context.ts",
    find: "return Math.min(schema.lateEffect ?? 300_000, run.lateEffectLimit);",
    replace: "return 0;",
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 200,
    },
  },
  {
    name: "settle does not wait before it says never",
    file: "engine/apply/settle-entry.ts",
    find: "  const until = entry.latestSend + lateEffectOf(run, handler.schema);\n  const sought",
    replace: "  const until = 0;\n  const sought",
    law: {
      file: "test/laws/engine-faults.test.ts",
      test: "an effect that lands during the settle of the next run is found there",
    },
  },
  {
    name: "a PUT sends only what it changes",
    file: "providers/memory/handler.ts",
    find: "body: { ...object.extra, ...object.props, ...request.body }",
    replace: "body: { ...object.props, ...request.body }",
    law: {
      file: "test/laws/engine-faults.test.ts",
      test: "a whole-object change sends back what others wrote",
    },
  },
  {
    name: "the basis of a plan file is not compared",
    file: "engine/plan/compare-plan-file.ts",
    find: "  const moved = compareBasis(file.basis, basis);\n",
    replace: "  const moved: string[] = [];\n",
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 300,
    },
  },
  {
    name: "a stray is claimed by its mark alone",
    file: "engine/plan/claim-strays.ts",
    find: "  if (entry.id !== undefined) return entry.id === id.id && isSameIncarnation(entry.row.id, id);\n  return alone;",
    replace: "  return true;",
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 60,
    },
  },
  {
    name: "an ended create forgets what it made",
    file: "engine/apply/end-entry.ts",
    find: "  return { ...entry, id: id.id, row: { ...entry.row, id } };",
    replace: "  return entry;",
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 200,
    },
  },
  {
    name: "a reused name counts as the same object",
    file: "engine/observe/world.ts",
    find: "  return a.incarnation === undefined || b.incarnation === undefined || a.incarnation === b.incarnation;",
    replace: "  return true;",
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 200,
    },
  },
  {
    name: "the row and the end of its entry are not one transaction",
    file: "engine/apply/execute.ts",
    find: 'putJournal: [{ ...tellMade(outcome.entry, id), state: "happened" }]',
    replace: "putJournal: []",
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 60,
    },
  },
  {
    name: "a token is trusted after its time",
    file: "engine/apply/settle-entry.ts",
    find: "return run.clock.now() + 2 * run.requestDeadline < entry.earliestSend + tokenValid;",
    replace: "return true;",
    law: {
      file: "test/laws/engine-faults.test.ts",
      test: "a token is not sent again after its time",
    },
  },
  {
    name: "strays of a type that rows and source have no more are not looked for",
    file: "engine/observe/scopes.ts",
    find: "  for (const each of made ?? []) {",
    replace: "  for (const each of [] as typeof made & object) {",
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 60,
    },
  },
  {
    name: "a request is left out without proof",
    file: "engine/apply/derive-steps.ts",
    find: "    if (isSame(name, desired[name], planned, schema, context)) same.set",
    replace: '    if (isSame(name, desired[name], planned, schema, context) || name === "Value") same.set',
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 120,
    },
  },
  {
    name: "of two objects with one mark the first is taken",
    file: "engine/apply/find-effect.ts",
    find: '  if (first && !second) return { kind: "one", observed: first };',
    replace: '  if (first) return { kind: "one", observed: first };',
    law: {
      file: "test/laws/engine-faults.test.ts",
      test: "somebody's copy with all our marks",
    },
  },
  {
    name: "a refusal after an unanswered send counts as the answer",
    file: "engine/apply/retry.ts",
    find: '  return uncertain ? "resend" : "again";',
    replace: '  return "again";',
    law: {
      file: "test/laws/engine-recovery.test.ts",
      test: "a refusal after an unanswered send proves nothing",
    },
  },
  {
    name: "an empty page ends a list",
    file: "providers/memory/handler.ts",
    find: "        from = page.next;",
    replace: "        from = page.found.length === 0 ? undefined : page.next;",
    law: {
      file: "test/laws/engine-faults.test.ts",
      test: "an empty page with more to follow is not the end of a list",
    },
  },
  {
    name: "what a sweep does not show is absent without a look by id",
    file: "engine/observe/observe.ts",
    find: '  takeRows(await readById(reader, missed.map(idOf), "list"), missed, look);\n  const {',
    replace: "  takeRows({ found: [], absent: missed.map(idOf), reasons: new Map() }, missed, look);\n  const {",
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 60,
    },
  },
  {
    name: "what was made a moment ago is absent at once",
    file: "engine/observe/observe.ts",
    find: "now < madeAt + visibleWithin,",
    replace: "now < madeAt,",
    law: {
      file: "engine/observe/young-objects.test.ts",
      test: "what was made a moment ago is asked for until the indexes show it",
    },
  },
  {
    name: "unknown is taken for absent",
    file: "engine/observe/look.ts",
    find: "else if (observed || absent.has(idKey(row.id)))",
    replace: "else if (observed || absent.has(idKey(row.id)) || !observed)",
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 400,
    },
  },
  {
    name: "a delete does not wait for what stands on its object",
    file: "engine/plan/order-operations.ts",
    find: "    end.after.push(first.id);\n    // What goes",
    replace: "    // What goes",
    law: {
      file: "test/laws/engine.test.ts",
      test: "whatever happens on the way",
      runs: 120,
    },
  },
  {
    name: "an etag is not compared by the in-process cloud",
    file: "providers/memory/world.ts",
    find: "    if (request.etag !== object.etag) throw",
    replace: "    if (false) throw",
    law: {
      file: "test/laws/engine-faults.test.ts",
      test: "a whole-object change against a stale version is refused",
    },
  },
  {
    name: "the memory store does not look at the fence",
    file: "engine/state/memory-store.ts",
    find: "if (lock.fence !== fence || lock.holder === undefined) throw createLeaseLost();",
    replace: "if (lock.holder === undefined) throw createLeaseLost();",
    law: {
      file: "test/laws/engine-recovery.test.ts",
      test: "a holder that slept past its lease can neither write nor send",
    },
  },
  {
    name: "the SQLite store does not look at the fence",
    file: "engine/state/sqlite-lease.ts",
    find: "    return lock.fence === fence && lock.holder !== null;",
    replace: "    return lock.holder !== null;",
    law: {
      file: "test/conformance/stores/sqlite.test.ts",
      test: "a lease that ran out is taken over; nothing its old holder does changes a row",
      written: "test/conformance/stores/lease-cases.ts",
    },
  },
  {
    name: "nothing of a bucket is kept in reserve",
    file: "engine/apply/rate-limit.ts",
    find: "const arrivalSpread = 1;",
    replace: "const arrivalSpread = 0;",
    law: {
      file: "engine/apply/rate-limit.test.ts",
      test: "a request that is overtaken on its way by all that came later is not refused for it",
    },
  },
  {
    name: "the PostgreSQL store does not look at the fence",
    file: "engine/state/postgres-write.ts",
    find: "WHERE state = $1 AND fence = $2::bigint AND holder IS NOT NULL AND commits = $3::bigint",
    replace: "WHERE state = $1 AND $2::bigint > 0 AND $3::bigint >= 0",
    law: {
      file: "test/conformance/stores/postgres.test.ts",
      test: "a lease that ran out is taken over; nothing its old holder does changes a row",
      written: "test/conformance/stores/lease-cases.ts",
    },
  },
  {
    name: "reads do not wait for their turn",
    file: "providers/handlers/pace-reads.ts",
    find: "if (isReading(operation)) await pace.turn(name, signal);",
    replace: "",
    law: {
      file: "test/laws/pace-reads.test.ts",
      test: "reads go out no faster",
    },
  },
  {
    name: "the AWS SDK repeats requests by itself",
    file: "providers/aws/client.ts",
    find: "    maxAttempts: 1,",
    replace: "    maxAttempts: 3,",
    law: {
      file: "providers/aws/client.test.ts",
      test: "one send is one request",
    },
  },
  {
    name: "dependents of what is unresolved are not held up",
    file: "engine/plan/select-changes.ts",
    find: '"dependents");\n    for (const change of out) {',
    replace: '"dependencies");\n    for (const change of out) {',
    law: {
      file: "engine/plan/select-changes.test.ts",
      test: "hold up their object and what waits for it, and nothing else",
    },
  },
];
