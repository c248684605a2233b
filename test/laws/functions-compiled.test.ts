// Functions inside a stack: what is known at once, what is left for apply, and what stays secret.

import { describe, expect, test } from "vitest";
import { compile } from "../../grammar/compile.ts";
import { isDeferred, isSecret } from "../../grammar/graph/value.ts";
import { awsDescription } from "../../providers/aws/description.ts";

const start = `stack demo

cloud aws { region = "eu-west-1" }

input password: secret string = "correct horse"

network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24 }
machine db { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app }
`;

function compileWith(text: string) {
  return compile({
    files: [{ path: "main.koine", text: start + text }],
    providers: new Map([["aws", awsDescription]]),
    inputs: new Map(),
    readFile: (from, path) =>
      from === "main.koine" && path === "boot.sh" ? { text: "db=${ip} password=${password}\n" } : { mistake: `there is no \`${path}\`` },
  });
}

function outputOf(expression: string) {
  const { graph, diagnostics } = compileWith(`output it = ${expression}\n`);
  expect(diagnostics).toEqual([]);
  return graph?.outputs.get("it")?.value;
}

describe("functions in a stack", () => {
  test("a template with a deferred and a secret value is read now, filled at apply, and secret", () => {
    const { graph, diagnostics } = compileWith(
      'machine web {\n  cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app\n  user_data = template("boot.sh", { ip = db.private_ip, password = password })\n}\n',
    );
    expect(diagnostics).toEqual([]);
    const userData = graph?.resources.get("machine.web")?.props.user_data;
    if (!isSecret(userData) || !isDeferred(userData.value)) throw new Error("not a secret deferred value");
    expect(userData.value.origins).toEqual([{ address: "machine.db", path: ["private_ip"] }]);
    expect(userData.value.expression).toMatchObject({
      op: "call",
      name: "fill",
      arguments: ["db=${ip} password=${password}\n", expect.any(Map)],
    });
  });

  test("the shape of a collection is known though its elements are not", () => {
    expect(outputOf("length([db.private_ip, db.id])")).toBe(2);
    expect(outputOf('keys(merge({ a = db.id }, { b = "x" }))')).toEqual(["a", "b"]);
    expect(isDeferred(outputOf('join(",", [db.id])'))).toBe(true);
  });

  test("merged tags keep their type and their deferred values", () => {
    const { graph, diagnostics } = compileWith('disk data {\n  size = 10GiB\n  tags = merge({ team = "web" }, { beside = db.id })\n}\n');
    expect(diagnostics).toEqual([]);
    const tags = graph?.resources.get("disk.data")?.props.tags;
    expect(tags).toMatchObject({ team: "web", beside: { origins: [{ address: "machine.db", path: ["id"] }] } });
  });

  test("a mistake points at its argument", () => {
    const text = "output it = subnet(main.cidr, 20, 0)\n";
    const [problem, ...rest] = compileWith(text).diagnostics;
    expect(rest).toEqual([]);
    expect(problem?.message).toContain("has 16 bits to divide, not 20");
    expect(problem?.hint).toBe("use at most 16");
    expect(problem?.span && (start + text).slice(problem.span.start, problem.span.end)).toBe("20");
  });

  test("a value that grows without end is stopped by the budget, quickly", () => {
    const lets = Array.from({ length: 40 }, (_, index) => `let x${index + 1} = replace(x${index}, "x", "xxxxxxxxxx")\n`).join("");
    const { diagnostics } = compileWith(`let x0 = "x"\n${lets}output it = length(x40)\n`);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.message).toMatch(/^evaluation needs more than [\d,]+ (bytes|elements)/);
  });
});
