import { expect, it } from "vitest";
import { ProviderError } from "../../engine/provider/errors.ts";
import { readTogether } from "./read-together.ts";

const patience = (): AbortSignal => AbortSignal.timeout(5_000);

it("asks once for what is asked for at once", async () => {
  const owner = {};
  const calls: string[][] = [];
  const read = async (values: readonly string[]): Promise<readonly string[]> => {
    calls.push([...values]);
    return values;
  };
  const asked = Array.from({ length: 300 }, (_, n) => `i-${n}`);
  const answers = await Promise.all(asked.map((id) => readTogether({ owner: owner, name: "instances", most: 200, read }, id, patience())));
  expect(calls.map((call) => call.length)).toEqual([200, 100]);
  expect(answers.every((rows, n) => rows.includes(`i-${n}`))).toBe(true);
});

it("keeps names and clients apart", async () => {
  let calls = 0;
  const read = async (): Promise<readonly string[]> => [`${++calls}`];
  await Promise.all([
    readTogether({ owner: {}, name: "a", most: 200, read }, "x", patience()),
    readTogether({ owner: {}, name: "a", most: 200, read }, "x", patience()),
    readTogether({ owner: read, name: "b", most: 200, read }, "x", patience()),
    readTogether({ owner: read, name: "c", most: 200, read }, "x", patience()),
  ]);
  expect(calls).toBe(4);
});

it("reads again for those who come later", async () => {
  const owner = {};
  let calls = 0;
  const read = async (): Promise<readonly number[]> => [++calls];
  expect(await readTogether({ owner: owner, name: "a", most: 200, read }, "x", patience())).toEqual([1]);
  expect(await readTogether({ owner: owner, name: "a", most: 200, read }, "x", patience())).toEqual([2]);
});

it("lets one go without breaking off the others", async () => {
  const owner = {};
  const leaving = new AbortController();
  const read = (values: readonly string[], signal: AbortSignal): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      setTimeout(() => resolve(values), 60);
      signal.addEventListener("abort", () => reject(new Error("broken off")));
    });
  const first = readTogether({ owner: owner, name: "a", most: 200, read }, "x", leaving.signal);
  const second = readTogether({ owner: owner, name: "a", most: 200, read }, "y", patience());
  setTimeout(() => leaving.abort(), 40);
  await expect(first).rejects.toMatchObject({ details: { code: "timeout", effect: "none" } });
  expect(await second).toEqual(["x", "y"]);
});

it("breaks off when nobody is left", async () => {
  const leaving = new AbortController();
  let broken = false;
  const read = (_values: readonly string[], signal: AbortSignal): Promise<readonly string[]> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        broken = true;
        reject(new Error("broken off"));
      });
    });
  const only = readTogether({ owner: {}, name: "a", most: 200, read }, "x", leaving.signal);
  setTimeout(() => leaving.abort(), 40);
  await expect(only).rejects.toBeInstanceOf(ProviderError);
  expect(broken).toBe(true);
});
