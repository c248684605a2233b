import type { DescribeImagesCommandInput, DescribeImagesCommandOutput, Image } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import type { PinRequest } from "../../engine/lower/native-value.ts";
import type { Ec2 } from "./operations.ts";
import { resolveAwsPins } from "./pins.ts";

const signal = new AbortController().signal;

function request(alias: string, name: string): PinRequest {
  const parameters = { alias, region: "eu-west-1", arch: "x86_64", owner: "099720109477", name };
  return { cloud: "aws", provider: "aws", kind: "image", key: `${alias}/eu-west-1/x86_64`, parameters };
}

/** Answers DescribeImages page by page, as the filter on the name says, and keeps what it was asked. */
function clientOf(images: readonly Image[], pageSize = 2) {
  const asked: DescribeImagesCommandInput[] = [];
  const send = async (operation: string, input: DescribeImagesCommandInput): Promise<Partial<DescribeImagesCommandOutput>> => {
    expect(operation).toBe("DescribeImages");
    asked.push(input);
    const pattern = input.Filters?.find((filter) => filter.Name === "name")?.Values?.[0] ?? "";
    const found = images.filter((image) => image.Name?.startsWith(pattern.replace("*", "")));
    const from = Number(input.NextToken ?? 0);
    const next = from + pageSize;
    return { Images: found.slice(from, next), ...(next < found.length ? { NextToken: String(next) } : {}) };
  };
  return { client: { send } as unknown as Pick<Ec2, "send">, asked };
}

describe("resolveAwsPins", () => {
  const images: Image[] = [
    { ImageId: "ami-1", Name: "noble-1", CreationDate: "2025-03-05T00:00:00.000Z" },
    { ImageId: "ami-3", Name: "noble-3", CreationDate: "2025-10-22T00:00:00.000Z" },
    { ImageId: "ami-2", Name: "noble-2", CreationDate: "2025-10-22T00:00:00.000Z" },
    { Name: "noble-without-id", CreationDate: "2026-01-01T00:00:00.000Z" },
    { ImageId: "ami-9", Name: "jammy-9", CreationDate: "2025-12-01T00:00:00.000Z" },
  ];

  test("the newest image by creation date, over all pages, of equals the greatest id", async () => {
    const { client, asked } = clientOf(images);
    const [answer] = await resolveAwsPins(client, [request("ubuntu-24.04", "noble-*")], signal);
    expect(answer?.answer).toEqual({ id: "ami-3", name: "noble-3", date: "2025-10-22" });
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ Owners: ["099720109477"] });
    expect(asked[0]?.Filters).toContainEqual({ Name: "architecture", Values: ["x86_64"] });
    expect(asked[0]?.Filters).toContainEqual({ Name: "state", Values: ["available"] });
  });

  test("answers stand in the order of the requests; an alias that matches nothing is a mistake with a hint", async () => {
    const { client } = clientOf(images);
    const requests = [request("ubuntu-24.04", "noble-*"), request("nothing", "none-*"), request("ubuntu-22.04", "jammy-*")];
    const answers = await resolveAwsPins(client, requests, signal);
    expect(answers.map((answer) => answer.request)).toEqual(requests);
    expect(answers[1]?.answer).toMatchObject({ mistake: expect.stringContaining("`none-*`"), hint: expect.any(String) });
    expect(answers[2]?.answer).toMatchObject({ id: "ami-9" });
    expect(await resolveAwsPins(client, [], signal)).toEqual([]);
  });

  test("a kind that AWS is not asked for is a mistake, and no request is sent", async () => {
    const { client, asked } = clientOf(images);
    const [answer] = await resolveAwsPins(client, [{ ...request("a", "b"), kind: "size" }], signal);
    expect(answer?.answer).toHaveProperty("mistake");
    expect(asked).toEqual([]);
  });

  test("what the client throws is passed on", async () => {
    const client = { send: () => Promise.reject(new Error("denied")) } as unknown as Pick<Ec2, "send">;
    await expect(resolveAwsPins(client, [request("a", "b")], signal)).rejects.toThrow("denied");
  });
});
