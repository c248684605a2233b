// Plan files as claims: bound to all that they were made from, applied once and whole, resumed after a kill, and never more than a claim. Each case
// is tried on the CLI as a process, with the embedded EC2 over the wire.

import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { digestBasis, digestChangeData } from "../../engine/plan/digest.ts";
import type { PlanFile } from "../../engine/plan/plan-file.ts";
import { callWorld, readWorld } from "../../providers/aws/simulator/inspect.ts";
import { copyFolder, expectKoine, makeStack, type Result, root, runKoine, worldOf } from "../support/run-koine.ts";
import { livingObjects, mutatingRequests, tallyWorld } from "../support/world.ts";

const word = "correct-horse-battery-staple";
const secret = { environment: { WORD: word } };

const files = {
  "main.koine": `stack bound
cloud aws { region = "eu-west-1" }
input password: secret string
input team: string = "web"
network main { cidr = 10.0.0.0/16, tags = { motto = file("motto"), greeting = template("greeting", { name = team }) } }
subnet a { network = main, cidr = 10.0.0.0/24 }
output word: secret string = password
output team = team
`,
  "more.koine": "subnet b { network = main, cidr = 10.0.1.0/24 }\n",
  "koine.yaml": "inputs_from: { password: env:WORD }\n",
  motto: "steady",
  greeting: `hello ${"${name}"}`,
};

const edit = (folder: string, name: string, from: string, to: string): void => {
  const path = join(folder, name);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
};

/** A stack that was applied once, and a plan file of an edit since; copied by what breaks it. */
async function prepare(): Promise<string> {
  const folder = makeStack(files);
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0, secret);
  edit(folder, "more.koine", "subnet b", "subnet c { network = main, cidr = 10.0.2.0/24 }\nsubnet b");
  await expectKoine(folder, ["plan", "--simulate", "-o", join(folder, "p")], 0, secret);
  return folder;
}

const prepared = prepare();

const idOf = (folder: string, type: string, address: string): string => {
  const found = livingObjects(readWorld(worldOf(folder))).find((one) => one.type === type && one.tags["koine:address"] === address);
  if (!found) throw new Error(`there is no ${address}`);
  return found.id;
};

const readRows = (folder: string): readonly unknown[] => {
  const database = new DatabaseSync(join(worldOf(folder), "state.db"), { readOnly: true });
  try {
    return database.prepare("SELECT * FROM object ORDER BY object").all();
  } finally {
    database.close();
  }
};

/** Runs it and demands that it changed neither the world nor what the state holds. */
async function demandRefusal(folder: string, args: readonly string[], status: number, words: string, options = secret): Promise<Result> {
  const before = { requests: mutatingRequests(worldOf(folder)).length, rows: readRows(folder) };
  const result = await expectKoine(folder, args, status, options);
  expect(result.stderr).toContain(words);
  expect(result.stderr).not.toMatch(/\n\s+at |internal error/);
  expect({ requests: mutatingRequests(worldOf(folder)).length, rows: readRows(folder) }).toEqual(before);
  return result;
}

describe("the basis", () => {
  test("all of it is compared, and each part that moved is named", async () => {
    const folder = copyFolder(await prepared);
    edit(folder, "main.koine", "stack bound", "# a word\nstack bound");
    writeFileSync(join(folder, "new.koine"), "# nothing\n");
    writeFileSync(join(folder, "motto"), "swift");
    appendFileSync(join(folder, "greeting"), "!");
    const pin = "version: 1\npins:\n  aws:\n    image:\n      debian-12/eu-west-1/x86_64:\n        id: ami-1\n";
    writeFileSync(join(worldOf(folder), "koine.lock"), pin);
    const other = { environment: { WORD: "other" } };
    const { stderr } = await demandRefusal(folder, ["--set", "team=db", "apply", "--simulate", join(folder, "p")], 3, "stale", other);
    for (const words of [
      "the source `main.koine` was edited",
      "the source `new.koine` is new",
      "the source `motto` was edited",
      "the source `greeting` was edited",
      "the input `team` was edited",
      "the input `password` was edited",
      "`koine.lock` was edited",
    ])
      expect(stderr).toContain(`  - ${words}\n`);
    expect(stderr).not.toContain("more.koine");
  });

  test.each<[string, (folder: string) => Promise<void>, string]>([
    [
      "a file alone",
      async (folder) => writeFileSync(join(folder, "greeting"), `hello ${"${name}"} # the same value, written otherwise`),
      "the source `greeting` was edited",
    ],
    [
      "the serial",
      async (folder) => {
        await expectKoine(folder, ["apply", "--simulate", "--yes", "--target", "subnet.c"], 0, secret);
      },
      "the state went from serial 1 to 2: another run wrote to it",
    ],
    [
      "the state",
      async (folder) => {
        for (const name of ["state.db", "state.db-wal", "state.db-shm"]) rmSync(join(worldOf(folder), name), { force: true });
        await expectKoine(folder, ["apply", "--simulate", "--yes", "--target", "network.main"], 0, secret);
      },
      "the state is another one",
    ],
    [
      "the world",
      async (folder) => callWorld(worldOf(folder), "DeleteSubnet", { SubnetId: idOf(folder, "subnet", "subnet.b:subnet") }),
      "`subnet.b:subnet` is now to create and was not",
    ],
  ])("%s moved: exit 3, it is named, nothing is done", async (_, move, words) => {
    const folder = copyFolder(await prepared);
    await move(folder);
    await demandRefusal(folder, ["apply", "--simulate", join(folder, "p")], 3, words);
  });

  test("no secret stands in it, nor in the events or what is told", async () => {
    const folder = copyFolder(await prepared);
    const events = join(folder, "events");
    const result = await expectKoine(folder, ["apply", "--simulate", "--events", events, join(folder, "p")], 0, secret);
    const plain = createHash("sha256").update(word).digest("hex");
    for (const text of [readFileSync(join(folder, "p"), "utf8"), readFileSync(events, "utf8"), result.stderr, result.stdout]) {
      expect(text).not.toContain(word);
      expect(text).not.toContain(plain);
      expect(text).not.toContain(Buffer.from(word).toString("base64"));
    }
  });
});

describe("a claim, never instructions", () => {
  type Open<T> = T extends readonly (infer Item)[] ? Open<Item>[] : T extends object ? { -readonly [Field in keyof T]: Open<T[Field]> } : T;
  const forgeries: readonly [string, (file: Open<PlanFile>) => void, number, string][] = [
    ["a request left out", (file) => file.changes[0]?.operations[0]?.steps.pop(), 3, "in another way"],
    [
      "a change put in",
      (file) => file.changes.push({ ...(file.changes[0] as Open<PlanFile>["changes"][0]), key: "x.y:z", action: "delete" }),
      3,
      "`x.y:z` was to delete and is no longer",
    ],
    [
      "a destroy",
      (file) => Object.assign(file, { destroy: true, basis: { ...file.basis, options: { destroy: true } } }),
      3,
      "is now to delete and was not",
    ],
    ["another Koine", (file) => Object.assign(file.basis, { koine: "9.9.9" }), 3, "made by Koine 9.9.9"],
    ["a target that is not there", (file) => Object.assign(file.basis, { options: { target: ["x.y"] } }), 1, "`x.y` names nothing"],
  ];
  test.each(forgeries)("%s, with digests made anew to fit: refused", async (_, forge, status, words) => {
    const folder = copyFolder(await prepared);
    const path = join(folder, "p");
    const file = JSON.parse(readFileSync(path, "utf8")) as Open<PlanFile>;
    forge(file);
    const forged = file as PlanFile;
    writeFileSync(path, JSON.stringify({ ...forged, digest: { changes: digestChangeData(forged), basis: digestBasis(forged.basis) } }));
    await demandRefusal(folder, ["apply", "--simulate", path], status, words);
  });

  test("what only explains may be rewritten: exactly the honest plan is carried out", async () => {
    const honest = copyFolder(await prepared);
    const folder = copyFolder(await prepared);
    const path = join(folder, "p");
    const file = JSON.parse(readFileSync(path, "utf8")) as Open<PlanFile>;
    Object.assign(file, { createdAt: "then", unchanged: 0, warnings: ["beware"], strays: [], serial: 0, lineage: "x" });
    for (const change of file.changes) change.notes = ["look here"];
    writeFileSync(path, JSON.stringify(file));
    await expectKoine(folder, ["apply", "--simulate", path], 0, secret);
    await expectKoine(honest, ["apply", "--simulate", join(honest, "p")], 0, secret);
    expect(tallyWorld(worldOf(folder))).toEqual(tallyWorld(worldOf(honest)));
  });
});

describe("single use", () => {
  const preload = `--import=${join(root, "test", "support", "kill-at-commit.mjs")}`;
  const kill = (at: string) => ({ environment: { ...secret.environment, NODE_OPTIONS: preload, KILL_AT: at } });

  test.each(["after:3", "before:6"])("killed %s writes, it goes on with the same file, ends, and is used", async (at) => {
    const folder = copyFolder(await prepared);
    const apply = ["apply", "--simulate", join(folder, "p")];
    expect((await runKoine(folder, apply, kill(at))).signal).toBe("SIGKILL");
    // Killed once more, wherever it is by now.
    await runKoine(folder, apply, kill("after:3"));
    await expectKoine(folder, apply, 0, secret);
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0, secret);
    expect(livingObjects(readWorld(worldOf(folder))).filter((one) => one.tags["koine:address"] === "subnet.c:subnet")).toHaveLength(1);
    await demandRefusal(folder, apply, 3, "was applied already");
  });

  test("killed, and another run came since: refused", async () => {
    const folder = copyFolder(await prepared);
    const apply = ["apply", "--simulate", join(folder, "p")];
    expect((await runKoine(folder, apply, kill("after:4"))).signal).toBe("SIGKILL");
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0, secret);
    await demandRefusal(folder, apply, 3, "was begun, and another run came since");
  });
});

describe("limits", () => {
  const limited = {
    "main.koine": `stack limited
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
subnet a[n, z in ["x", "y"]] { network = main, cidr = subnet(main.cidr, 8, n) }
address ip {}
address other {}
output ip = ip.ip
output other = other.ip
output z = "1"
`,
  };
  const operationsOf = (text: string): readonly string[] =>
    (JSON.parse(text) as PlanFile).changes
      .flatMap((change) => change.operations.flatMap((operation) => operation.steps.map((step) => step.operation.replace("ec2:", ""))))
      .sort();

  test("a target takes along what it needs, an exclusion what needs it; the file does exactly that, and outputs of the rest stay", {
    timeout: 180_000,
  }, async () => {
    const folder = makeStack(limited);
    const path = join(folder, "p");
    const planned = await expectKoine(
      folder,
      ["plan", "--simulate", "--target", 'subnet.a["x"]', "--target", "address.ip", "-o", path, "--detailed-exitcode"],
      2,
    );
    expect(planned.stdout).toMatch(/\d+ unchanged, 5 left out\n/);
    expect(planned.stdout).not.toContain("other =");
    await expectKoine(folder, ["apply", "--simulate", path], 0);
    const sent = mutatingRequests(worldOf(folder)).map((request) => request.operation);
    expect([...sent].sort()).toEqual(operationsOf(readFileSync(path, "utf8")));
    const outputs = async (): Promise<readonly string[]> =>
      Object.keys(JSON.parse((await expectKoine(folder, ["output", "--simulate", "--json"], 0)).stdout) as object).sort();
    expect(await outputs()).toEqual(["ip", "z"]);

    // All instances of a name; nothing is left of it but what was excluded.
    const rest = await expectKoine(folder, ["plan", "--simulate", "--exclude", "subnet.a", "--detailed-exitcode"], 2);
    expect(rest.stdout).toContain("+ address.other");
    expect(rest.stdout).not.toContain("subnet.a");
    const none = await expectKoine(folder, ["plan", "--simulate", "--target", 'subnet.a["x"]', "--detailed-exitcode"], 0);
    expect(none.stdout).toContain("No changes to what was asked for.");
    expect(none.stdout).toContain("5 left out");

    // A replacement that only the flag asks for says so, and needs all that stands on it to stay as it is.
    const replaced = await expectKoine(folder, ["plan", "--simulate", "--replace", "address.ip", "--target", "address.ip", "-o", path], 0);
    expect(replaced.stdout).toContain("± address.ip  (asked for by --replace)");
    const before = livingObjects(readWorld(worldOf(folder))).find((one) => one.tags["koine:address"] === "address.ip:eip")?.id;
    await expectKoine(folder, ["apply", "--simulate", path], 0);
    expect(livingObjects(readWorld(worldOf(folder))).find((one) => one.tags["koine:address"] === "address.ip:eip")?.id).not.toBe(before);

    // A destroy of a part takes only the outputs of that part.
    await expectKoine(folder, ["plan", "--simulate", "--destroy", "--target", "address.ip", "-o", path], 0);
    await expectKoine(folder, ["apply", "--simulate", path], 0);
    expect(await outputs()).toEqual(["z"]);
    expect(livingObjects(readWorld(worldOf(folder))).some((one) => one.type === "subnet")).toBe(true);
  });

  test("an address under its former name, with the move; and names that name nothing", { timeout: 180_000 }, async () => {
    const folder = makeStack(limited);
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
    edit(folder, "main.koine", "address other {}", '@was("address.other")\naddress renamed {}');
    edit(folder, "main.koine", "output other = other", "output other = renamed");
    for (const target of ["address.other", "address.renamed"]) {
      const { stdout } = await expectKoine(folder, ["plan", "--simulate", "--target", target], 0);
      expect(stdout).toContain("address.renamed  was address.other");
    }
    const wrong: readonly [readonly string[], string][] = [
      [["--target", "subnet.a[x]"], 'did you mean `subnet.a["x"]`?'],
      [["--exclude", "adress.ip"], "did you mean `address.ip`?"],
      [["--replace", "address.other"], "names nothing in the source"],
    ];
    for (const [flags, words] of wrong) expect((await expectKoine(folder, ["plan", "--simulate", ...flags], 1)).stderr).toContain(words);
  });
});

test("what forces a replacement, from what to what and where, and what waits for which value, stand in text and JSON", async () => {
  const folder = makeStack({
    "main.koine": `stack shown
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
`,
  });
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
  edit(folder, "main.koine", "cidr = 10.0.0.0/16", "cidr = 10.0.0.0/20");
  const { stdout } = await expectKoine(folder, ["plan", "--simulate"], 0);
  expect(stdout).toMatch(/± network\.main {2}cidr → 10\.0\.0\.0\/20 forces replacement {2}main\.koine:3/);
  expect(stdout).toMatch(/CidrBlock 10\.0\.0\.0\/16 → 10\.0\.0\.0\/20 \(forces replacement: immutable, main\.koine:3\)/);
  expect(stdout).toMatch(/VpcId vpc-\w+ → \(known after network\.main\) \(may force replacement: immutable, main\.koine:4; waits for/);
  const plan = JSON.parse((await expectKoine(folder, ["plan", "--simulate", "--format", "json"], 0)).stdout) as PlanFile;
  const forcing = plan.changes.flatMap((change) =>
    change.props.filter((prop) => prop.forces !== undefined).map((prop) => ({ change, prop })),
  );
  expect(forcing.length).toBeGreaterThan(2);
  for (const { change, prop } of forcing) {
    expect(change.action).toBe("replace");
    expect(prop.span, prop.prop).toBeDefined();
    expect(prop.from, prop.prop).toBeDefined();
    expect(prop.to ?? prop.waitsFor, prop.prop).toBeDefined();
  }
  for (const change of plan.changes.filter((one) => one.action === "replace")) expect(forcing.map((one) => one.change)).toContain(change);
  expect(existsSync(join(folder, "p"))).toBe(false);
});
