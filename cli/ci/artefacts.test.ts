import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeSubjectFolder, nameSubjectFolder, openArtefacts } from "./artefacts.ts";
import { childEnvironment } from "./child-environment.ts";

const scratch = mkdtempSync(join(tmpdir(), "koine-out-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("folders of subjects have plain names, and no two the same", () => {
  expect(nameSubjectFolder({ folder: "infra/shop", environment: "prod" })).toBe("infra__shop@prod");
  expect(nameSubjectFolder({ folder: "" })).toBe("root");
  const folders = [
    "root",
    "a/b",
    "a__b",
    "a_/b",
    "a b",
    "a\nb",
    "a:b",
    "..x",
    ".hidden",
    "é",
    "-x",
    "a@b",
    `${"long/".repeat(60)}x`,
    `${"long/".repeat(60)}y`,
  ];
  const names = [
    nameSubjectFolder({ folder: "" }),
    nameSubjectFolder({ folder: "a", environment: "b" }),
    ...folders.map((folder) => nameSubjectFolder({ folder })),
  ];
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(folders.length + 2);
  // https://github.com/actions/upload-artifact refuses `" : < > | * ? \r \n \ /`.
  for (const name of names) expect(name).toMatch(/^(?!\.)[A-Za-z0-9_.@-]{1,200}$/);
});

test("earlier artefacts are replaced, anything else is left alone", () => {
  const out = join(scratch, "out");
  openArtefacts(out, {});
  writeFileSync(join(makeSubjectFolder(out, { folder: "a" }), "report.json"), "{}");
  openArtefacts(out, {});
  expect(existsSync(join(out, "a"))).toBe(false);
  const own = mkdtempSync(join(scratch, "own-"));
  writeFileSync(join(own, "thesis.txt"), "x");
  expect(() => openArtefacts(own, {})).toThrow("holds something that is not of `koine ci plan`");
  expect(() => openArtefacts(join(own, "thesis.txt"), {})).toThrow("is no folder");
  expect(existsSync(join(own, "thesis.txt"))).toBe(true);
});

test("a child has no token of the host; one of a fork's sources has nothing but what programs need", () => {
  const variables = {
    PATH: "/bin",
    HOME: "/home/me",
    NO_COLOR: "1",
    KOINE_KEY: "k",
    AWS_SECRET_ACCESS_KEY: "a",
    SHOP_PASSWORD: "p",
    PGPASSWORD: "q",
    GITHUB_TOKEN: "t",
    INPUT_TOKEN: "t",
    ACTIONS_RUNTIME_TOKEN: "t",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "i",
    GITHUB_OUTPUT: "/o",
    KOINE_GITLAB_TOKEN: "t",
    CI_JOB_TOKEN: "t",
    NODE_OPTIONS: "--import ./evil.mjs",
    LD_PRELOAD: "./evil.so",
  };
  expect(childEnvironment(variables, "fork")).toEqual({ PATH: "/bin", HOME: "/home/me", NO_COLOR: "1", CI: "true" });
  const own = childEnvironment(variables, "own");
  expect(Object.values(own)).not.toContain("t");
  expect(own).toMatchObject({
    KOINE_KEY: "k",
    AWS_SECRET_ACCESS_KEY: "a",
    SHOP_PASSWORD: "p",
    PGPASSWORD: "q",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "i",
  });
  expect(own).not.toHaveProperty("GITHUB_OUTPUT");
});
