import { expect, it } from "vitest";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { Arm, OperationName } from "./operations.ts";
import { resolveAzurePins } from "./pins.ts";

const parameters = {
  alias: "ubuntu-24.04",
  region: "westeurope",
  arch: "x86_64",
  publisher: "Canonical",
  offer: "ubuntu-24_04-lts",
  sku: "server",
};
const request = { cloud: "main", provider: "azure", kind: "image", key: "ubuntu-24.04/westeurope/x86_64", parameters } as const;

function answering(answer: NativeMap | Error): Pick<Arm, "send"> & { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    send: async (operation: OperationName, input) => {
      asked.push([operation, input.at]);
      if (answer instanceof Error) throw answer;
      return { status: 200, body: answer, headers: {} };
    },
  };
}

const signal = AbortSignal.timeout(1_000);
const named = (...names: string[]): NativeMap => ({ value: names.map((name) => ({ name })) });

it("the newest version counts as numbers, not as text", async () => {
  const client = answering(named("24.04.202509120", "24.04.99", "24.04.202510010", "latest"));
  const [pin] = await resolveAzurePins(client, [request], signal);
  expect(pin?.answer).toEqual({
    id: "Canonical:ubuntu-24_04-lts:server:24.04.202510010",
    name: "Canonical:ubuntu-24_04-lts:server:24.04.202510010",
    date: "2025-10-01",
  });
  expect(client.asked).toEqual([["virtualMachineImages.list", ["westeurope", "Canonical", "ubuntu-24_04-lts", "server"]]]);
});

it.each([
  ["0.20250814.2204", "2025-08-14"],
  ["9.6.3", ""],
])("the date of %s", async (version, date) => {
  const [pin] = await resolveAzurePins(answering(named(version)), [request], signal);
  expect(pin?.answer).toMatchObject({ date });
});

it.each([
  ["nothing", named()],
  ["a publisher that the region does not have", new ProviderError("no", { code: "not_found", effect: "none" })],
])("%s is an answer, not a throw", async (_name, answer) => {
  const [pin] = await resolveAzurePins(answering(answer), [request], signal);
  expect(pin?.answer).toEqual({
    mistake: "Canonical offers no image `ubuntu-24_04-lts:server` in westeurope (`ubuntu-24.04`, x86_64)",
    hint: "name another alias, or an image by its URN: `az vm image list --all`",
  });
});

it("a cloud that cannot be asked is a throw", async () => {
  const client = answering(new ProviderError("no", { code: "denied", effect: "none" }));
  await expect(resolveAzurePins(client, [request], signal)).rejects.toThrow(ProviderError);
});
