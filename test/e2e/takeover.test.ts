// Two appliers of one state, as real processes, the first paused past its lease: never do both write, and what the first still sends is at worst
// a request that was decided before, which the next plan reports and deletes.

import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { isMissing, startPostgres } from "../support/postgres-server.ts";
import { isRead, type Watch } from "../support/served-aws.ts";
import {
  type Actor,
  awaitStopped,
  listRoles,
  openScene,
  type Scene,
  shortLease,
  type Taken,
  takeOver,
  whole,
} from "../support/takeover-scene.ts";

const server = await startPostgres();
const postgres = isMissing(server) ? undefined : server;
const places = [{ place: "sqlite", at: {} }, ...(postgres ? [{ place: "postgres", at: { server: postgres } }] : [])];

/** `KOINE_TAKEOVER=all`: every durable write, on every store. */
const everywhere = process.env.KOINE_TAKEOVER === "all";
const timeout = 300_000;

/** What holds wherever the first was stopped, once it has been continued. */
function demandFenced({ first, dumps }: Taken): void {
  expect(dumps[1]).toBe(dumps[0]);
  expect(first.stderr).toContain("Another run has taken over the state; this one stopped");
  expect(first.status, first.stderr).toBe(4);
}

/** One of each in the world, and nothing left to do. */
async function demandWhole(scene: Scene, roles: readonly string[] = whole): Promise<void> {
  expect(listRoles(scene.cloud.owned())).toEqual(roles);
  const { status, stdout } = await scene.plan();
  expect(status, stdout).toBe(0);
}

/** Stops the process once, in the given phase of the first request with this action; what it asked for is done all the same. */
function stopOnWire(actor: () => Actor | undefined, wanted: string, phase: "arrived" | "done", after?: string): Watch {
  const seen = new Set<string>();
  let stopped = false;
  return async (action, now) => {
    const due = !stopped && action === wanted && now === phase && (after === undefined || seen.has(after));
    seen.add(action);
    const process = actor();
    if (!due || !process) return;
    stopped = true;
    process.child.kill("SIGSTOP");
    await awaitStopped(process);
  };
}

// The fourth durable write holds the intents of the first requests: after it, the process is between the journal and the send.
const writes = everywhere ? Array.from({ length: 9 }, (_, index) => index + 3) : [4];

test.concurrent.for(writes)(
  "stopped right after durable write %s, it writes and sends nothing more",
  { timeout },
  async (nth, { onTestFinished }) => {
    const scene = await openScene({ onTestFinished });
    const taken = await takeOver(scene, await scene.start(["apply", "--yes"], { stopAt: `after:${nth}`, lease: shortLease }));
    demandFenced(taken);
    expect(taken.late).toEqual([]);
    await demandWhole(scene);
  },
);

test.concurrent("stopped inside a write to a file, nobody takes over; continued, it renews its lease and finishes", { timeout }, async ({
  onTestFinished,
}) => {
  const scene = await openScene({ onTestFinished });
  const first = await scene.start(["apply", "--yes"], { stopAt: "before:4", lease: shortLease });
  await awaitStopped(first);
  const second = await scene.start(["apply", "--yes", "--lock-timeout", "60s"]);
  // Longer than the lease: what keeps the second out now is the lock of the file.
  await delay(shortLease);
  expect(second.front.sent.filter((action) => !isRead(action))).toEqual([]);
  first.child.kill("SIGCONT");
  expect((await first.end).status, first.told()).toBe(0);
  expect((await second.end).status, second.told()).toBe(0);
  await demandWhole(scene);
});

test.concurrent("stopped while it polls, what it waits for is taken over", { timeout }, async ({ onTestFinished }) => {
  let first: Actor | undefined;
  const scene = await openScene({ onTestFinished, more: 'machine m { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a }\n' });
  first = await scene.start(["apply", "--yes"], {
    watch: stopOnWire(() => first, "DescribeInstances", "arrived", "RunInstances"),
    lease: shortLease,
  });
  const taken = await takeOver(scene, first);
  demandFenced(taken);
  expect(taken.late).toEqual([]);
  await demandWhole(scene, ["closed", "closed-egress", "eip", "instance", "subnet", "table", "vpc"]);
});

describe.each(places)("$place", ({ place, at }) => {
  const points = [["arrived", "CreateVpc"] as const, ...(place === "sqlite" || everywhere ? [["done", "CreateSubnet"] as const] : [])];
  test.concurrent.for(points)(
    "stopped while a request is on the wire (%s: %s), what it made is taken over",
    { timeout },
    async ([phase, action], { onTestFinished }) => {
      let first: Actor | undefined;
      const scene = await openScene({ ...at, onTestFinished });
      first = await scene.start(["apply", "--yes", "--parallel", "1"], {
        watch: stopOnWire(() => first, action, phase),
        lease: shortLease,
      });
      const taken = await takeOver(scene, first);
      demandFenced(taken);
      expect(taken.late).toEqual([]);
      await demandWhole(scene);
    },
  );

  test.concurrent("stopped between the look at its lease and the send, it makes a stray that the next plan deletes", { timeout }, async ({
    onTestFinished,
  }) => {
    const scene = await openScene({ ...at, onTestFinished });
    const taken = await takeOver(
      scene,
      await scene.start(["apply", "--yes", "--parallel", "1"], { stopAt: "send:Action=CreateVpc", lease: shortLease }),
    );
    demandFenced(taken);
    expect(taken.late).toEqual(["CreateVpc"]);
    expect(listRoles(scene.cloud.owned())).toEqual([...whole, "vpc"]);
    const { status, stdout } = await scene.plan();
    expect(status, stdout).toBe(2);
    expect(stdout).toMatch(/0 to create, 0 to replace, 1 to destroy/);
    await scene.run(["apply", "--yes"], 0);
    await demandWhole(scene);
  });

  test.concurrent("after `state unlock`, the successor waits for what the holder may still send", { timeout }, async ({
    onTestFinished,
  }) => {
    const scene = await openScene({ ...at, onTestFinished });
    const [arrived, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = await scene.start(["apply", "--yes", "--parallel", "1"], {
      watch: async (action, phase) => {
        if (action !== "CreateVpc" || phase !== "arrived") return;
        arrived.resolve();
        await release.promise;
      },
    });
    await arrived.promise;
    await scene.run(["state", "unlock", "--yes"], 0);
    const second = await scene.start(["apply", "--yes"], {
      watch: async (action, phase) => {
        // Long after the settling has begun, and long before it may give the request up.
        if (isRead(action) && phase === "done") void delay(2_500).then(() => release.resolve());
      },
    });
    expect((await second.end).status, second.told()).toBe(0);
    expect(second.told()).toContain("Settled what was in flight: network.main:vpc happened");
    expect((await first.end).status, first.told()).toBe(4);
    await demandWhole(scene);
  });
});

test.concurrent("who waits for a lock is told whose it is, and Ctrl-C ends the waiting", { timeout }, async ({ onTestFinished }) => {
  const scene = await openScene({ onTestFinished });
  const first = await scene.start(["apply", "--yes"], { stopAt: "after:4" });
  await awaitStopped(first);
  const second = await scene.start(["apply", "--yes", "--lock-timeout", "10m"]);
  await second.until(new RegExp(`Waiting for the lock of .* pid ${first.child.pid}, apply since`));
  second.child.kill("SIGINT");
  expect((await second.end).status).toBe(130);
  const third = await scene.run(["apply", "--yes", "--lock-timeout", "200ms"], 75);
  expect(third.stderr.match(/Waiting for the lock/g)).toHaveLength(1);
  expect(third.stderr).toMatch(new RegExp(`the state is locked by .* pid ${first.child.pid}, apply since`));
});
