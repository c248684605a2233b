import { expect, test } from "vitest";
import { findReads } from "./source-reads.ts";

const read = (text: string): unknown => findReads("infra/shop/main.koine", text);

test("paths that are written out, wherever they stand", () => {
  expect(
    read(`stack shop on aws
let a = file("motd.txt")
machine web[i in 0..2] { cloud_init = { files = { motd = template("../shared/motd.tpl", { name = "a \${file("deep/er.txt")}" }) } } }
output b = length(file(  /* here */ "./x/../y.txt")) > 3 ? file("/etc/passwd") : ""`),
  ).toEqual({
    files: expect.arrayContaining(["infra/shop/motd.txt", "infra/shared/motd.tpl", "infra/shop/deep/er.txt", "infra/shop/y.txt"]),
    folders: [],
  });
});

test("a path that is put together names its folder, and every text may be a part of it", () => {
  expect(read('let a = file("conf/${env}.yaml")')).toMatchObject({ folders: ["infra/shop/conf"] });
  expect(read('let a = file("conf/web-${env}")')).toMatchObject({ folders: ["infra/shop/conf"] });
  const named = findReads("infra/shop/main.koine", 'let where = "../shared/a.txt"\nlet a = file(where)');
  expect(named.folders).toEqual(["infra/shop"]);
  expect(named.files).toContain("infra/shared/a.txt");
  expect(findReads("main.koine", "let a = file(x)")).toMatchObject({ folders: [""] });
  expect(read('let a = file("../../${x}")')).toMatchObject({ folders: [""] });
});

test("no call, no reads; a broken source gives what can be read of it", () => {
  expect(read('let a = "file.txt"\nlet b = profile("x")')).toEqual({ files: [], folders: [] });
  expect(read('let file = "template"')).toEqual({ files: [], folders: [] });
  expect(read('let a = = file("x")\nlet b = file("y.txt")\nmachine {{{')).toMatchObject({
    files: expect.arrayContaining(["infra/shop/y.txt"]),
  });
  expect(read(`let a = ${'"x" + '.repeat(300)}file("y.txt")`)).toMatchObject({ files: ["infra/shop/y.txt"] });
});
