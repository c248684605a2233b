import { describe, expect, test } from "vitest";
import { copyExample, makeStack } from "../test/support/run-koine.ts";
import { compileStack } from "./compile-stack.ts";
import { describePrices, type LoweredPrices, priceLowered, pricesToJson } from "./price-lowered.ts";

async function price(folder: string, on?: string): Promise<LoweredPrices> {
  const { choices, diagnostics } = await compileStack({ directory: folder, set: [], simulate: false, variables: {} }, { everyCloud: true });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return priceLowered(choices, on);
}

const machine = (more = ""): string => `network n { cidr = 10.0.0.0/16 }
subnet a { network = n, cidr = 10.0.0.0/24 }
machine m { cpu = 2, memory = 8GiB, image = "debian-12", subnet = a, disk root { size = 30GiB }${more}
}
`;

describe("a stack on one cloud", () => {
  test("is priced there and on the others, in the nearest region", async () => {
    const prices = await price(makeStack({ "main.koine": `stack s\ncloud aws { region = "us-east-1" }\n${machine()}` }));
    expect(prices.map(({ title, elsewhere }) => [title, elsewhere])).toEqual([
      ["aws us-east-1", undefined],
      ["azure eastus2", "azure"],
      ["gcp us-east4", "gcp"],
    ]);
    expect(pricesToJson(prices)).toMatchObject([
      // m5a.large 0.086 × 730 = 62.78; 30 × 0.08
      {
        currency: "USD",
        pricedAt: "2026-08",
        monthly: 65.18,
        resources: [{ address: "machine.m", monthly: 65.18, partial: false }],
        unpriced: [],
      },
      // D2as_v6 0.0908 × 730; no disk prices of eastus2
      { monthly: 66.28, resources: [{ address: "machine.m", partial: true }] },
      // e2-standard-2 (2 × 0.02456745 + 8 × 0.00329199) × 730; 30 × 0.11
      { pricedAt: "2024-11-07", monthly: 58.39, unpriced: [] },
    ]);
  });

  test("a cloud that would refuse it says why, one that takes less says what does not count", async () => {
    const refined = '\n  on aws { instance_type = "r7i.xlarge" }';
    const source = `stack s\ncloud aws { region = "us-east-1" }\n${machine(refined).replace("cidr = 10.0.0.0/24", 'cidr = 10.0.0.0/24, tags = { a = "b" }')}`;
    const text = describePrices(await price(makeStack({ "main.koine": source })));
    expect(text).toContain("azure eastus2: the stack does not stand there: Azure refuses `tags` of `subnet.a`");
    expect(text).toContain("gcp us-east4: the stack does not stand there: Google Compute Engine refuses `tags` of `subnet.a`");
    const plain = makeStack({ "main.koine": `stack s\ncloud aws { region = "us-east-1" }\n${machine(refined)}` });
    expect(describePrices(await price(plain))).toContain("settings for its own cloud alone do not count there: machine.m");
  });
});

test("where an input chooses the cloud, each of them is a column, and nothing else", async () => {
  const prices = await price(copyExample("anywhere"));
  expect(prices.map(({ title }) => title)).toEqual(["aws eu-west-1", "azure northeurope", "gcp europe-west2"]);
  expect(prices.every(({ elsewhere }) => elsewhere === undefined)).toBe(true);
  expect(prices.map(({ on }) => on.get("primary"))).toEqual(["aws", "azure", "gcp"]);
});

test("of several clouds, one may be asked for", async () => {
  const source = `stack s
cloud aws { region = "us-east-1" }
cloud gcp { project = "shop-tests", region = "us-central1" }
address here on aws {}
address there on gcp {}
`;
  const folder = makeStack({ "main.koine": source });
  const all = await price(folder);
  expect(all.map(({ title }) => title)).toEqual([
    "aws us-east-1, gcp us-central1",
    "aws us-east-1, us-east-2",
    "azure centralus, eastus2",
    "gcp us-central1, us-east4",
  ]);
  expect(pricesToJson(all)).toMatchObject([{ monthly: 7.3 }, { monthly: 7.3 }, {}, { monthly: 7.3 }]);
  const [one, ...others] = await price(folder, "gcp");
  expect(one?.title).toBe("gcp us-central1");
  expect(pricesToJson([...(one ? [one] : []), ...others])).toMatchObject([{ monthly: 3.65 }, { monthly: 3.65 }, {}]);
  expect(others.map(({ title }) => title)).toEqual(["aws us-east-2", "azure centralus"]);
});
