import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { awsDescription } from "./description.ts";
import { aws } from "./provider.ts";

/** URLs of the modules that importing one loads, in a process of its own. */
async function modulesOf(file: string): Promise<readonly string[]> {
  const script = `
    import { registerHooks } from "node:module";
    const seen = [];
    registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
    await import(${JSON.stringify(new URL(file, import.meta.url).href)});
    process.stdout.write(JSON.stringify(seen));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  return JSON.parse(stdout) as readonly string[];
}

it("loads neither the SDK nor the simulator by being imported", async () => {
  const loaded = await modulesOf("provider.ts");
  expect(loaded.some((url) => url.endsWith("objects/instance.ts"))).toBe(true);
  expect(loaded.filter((url) => /@aws-sdk|@smithy|aws\/client\.ts|aws\/simulator\//.test(url))).toEqual([]);
});

it("sees the SDK where it is loaded", async () => {
  expect((await modulesOf("client.ts")).some((url) => url.includes("@aws-sdk/client-ec2"))).toBe(true);
});

it("has a lowering for each refined kind", () => {
  for (const kind of Object.keys(awsDescription.refinements)) expect(aws.lowerings).toHaveProperty(kind);
});
