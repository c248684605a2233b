// Resources as values, their instances, placement, deferred values, secrets and annotations, seen through whole compilations.

import { describe, expect, test } from "vitest";
import { compileAll } from "../../grammar/compile.ts";
import { canonical } from "../../grammar/graph/canonical.ts";
import { compileText, errorCodes, errorsIn, machine, providers, start, withSubnet } from "./compile-support.ts";

function addressesIn(text: string): readonly string[] {
  return [...(compileText(text).graph?.resources.keys() ?? [])];
}

function outputIn(text: string, name = "result"): string {
  const result = compileText(text);
  return result.graph ? canonical(result.graph.outputs.get(name)?.value) : errorCodes(result).join(" ");
}

describe("instances", () => {
  test.each([
    ["[2]", ["network.n[0]", "network.n[1]"]],
    ["[i in 0..2]", ["network.n[0]", "network.n[1]"]],
    ["[i in 5..7]", ["network.n[0]", "network.n[1]"]],
    ['[["b", "a"]]', ['network.n["a"]', 'network.n["b"]']],
    ['[z in ["b", "a"]]', ['network.n["a"]', 'network.n["b"]']],
    ["[c in [aws]]", ['network.n["aws"]']],
    ["[k, v in { x = 1, y = 2 }]", ['network.n["x"]', 'network.n["y"]']],
    ["[0]", []],
    ["[3] if false", []],
    ["if false", []],
    ["if true", ["network.n"]],
  ])("network n%s", (header, addresses) => {
    expect(addressesIn(`${start}network n ${header} { cidr = 10.0.0.0/16 }\n`.replace("n [", "n["))).toEqual(addresses);
  });

  test.each([
    ["[-1]", "K1415"],
    ["[2000000]", "K1406"],
    ["[i in [3, 1]]", "K1415"],
    ['[z in ["a", "a"]]', "K1415"],
    ['[z in [""]]', "K1415"],
    ["[x in [true]]", "K1314"],
    ["[x in 3]", "K1314"],
    ["[x in [0..2]]", "K1314"],
    ["[aws in 0..2]", "K1205"],
    ["[i, i in [1]]", "K1205"],
    ["[i in 0..2] if i == 1", "K1201"],
  ])("network n%s is %s", (header, code) => {
    expect(errorsIn(`${start}network n${header} { cidr = 10.0.0.0/16 }\n`)).toEqual([code]);
  });

  test("read as one, list, map or perhaps", () => {
    const declarations = `network one { cidr = 10.1.0.0/16 }\nnetwork many[2] { cidr = 10.2.0.0/16 }\nnetwork by["a"] { cidr = 10.3.0.0/16 }\nnetwork no if false { cidr = 10.4.0.0/16 }\n`;
    const read = (expression: string) => outputIn(`${start}${declarations.replace('by["a"]', 'by[["a"]]')}output result = ${expression}\n`);
    expect(read("one.cidr")).toBe('@cidr{"text":"10.1.0.0/16"}');
    expect(read("many[1].cidr")).toBe('@cidr{"text":"10.2.0.0/16"}');
    expect(read("length(many)")).toBe("2");
    expect(read('by["a"].cidr')).toBe('@cidr{"text":"10.3.0.0/16"}');
    expect(read('by["b"].cidr')).toBe("K1403");
    expect(read("no?.cidr")).toBe("null");
    expect(read("no.cidr")).toBe("K1303");
    expect(read("many.cidr")).toBe("K1304");
    expect(read("many[2].cidr")).toBe("K1402");
    expect(read("one[0].cidr")).toBe("K1305");
    expect(read("one.internet")).toBe("true");
    expect(read("one")).toBe("K1317");
  });
});

describe("props and attributes", () => {
  test("a prop is known as written, an attribute deferred, a computed one either", () => {
    const text = withSubnet + machine("a") + machine("b", "private_ip = 10.0.1.9");
    expect(outputIn(`${text}output result = b.private_ip\n`)).toBe('@ip{"text":"10.0.1.9"}');
    expect(outputIn(`${text}output result = a.private_ip\n`)).toContain(
      '@deferred{"expression":{"op":"attribute","origin":{"address":"machine.a","path":["private_ip"]}}',
    );
    expect(outputIn(`${text}output result = a.memory\n`)).toBe('@size{"bytes":4294967296}');
    expect(outputIn(`${text}output result = length(a.firewall)\n`)).toBe("0");
    expect(outputIn(`${text}output result = a.hostname ?? "none"\n`)).toBe('"none"');
    expect(outputIn(`${text}output result = a.public\n`)).toBe("K1304");
  });

  test("blocks are read by their name", () => {
    const text = `${withSubnet}machine m { cpu = 2, memory = 4GiB, image = "debian-12", subnet = app\n disk data { size = 20GiB }\n}\n`;
    expect(outputIn(`${text}output result = m.disk.data.size\n`)).toBe('@size{"bytes":21474836480}');
    expect(outputIn(`${text}output result = m.disk.data.type\n`)).toBe('"ssd"');
    expect(outputIn(`${text}output result = m.disk.data.device\n`)).toContain('"path":["disk","data","device"]');
    expect(outputIn(`${text}output result = m.disk.other.size\n`)).toBe("K1403");
    expect(outputIn(`${text}output result = m.disk.data.nothing\n`)).toBe("K1304");
    expect(outputIn(`${text}output result = [for d in m.disk: d.size]\n`)).toBe('[@size{"bytes":21474836480}]');
  });

  test("the graph holds normal forms: bytes, canonical text, references, lists of what may be many, defaults", () => {
    const text = `${withSubnet}firewall f { network = main }\naddress ip { }\n${machine("a", "firewall = f, public = ip")}${machine("b", "firewall = [f], private_ip = 10.0.1.9")}`;
    const graph = compileText(text).graph;
    const a = graph?.resources.get("machine.a");
    expect(canonical(a?.props.firewall)).toBe('[@ref{"address":"firewall.f","kind":"firewall"}]');
    expect(canonical(graph?.resources.get("machine.b")?.props.firewall)).toBe(canonical(a?.props.firewall));
    expect(canonical(a?.props.public)).toBe('@ref{"address":"address.ip","kind":"address"}');
    expect(a?.props).toMatchObject({ memory: 4294967296, arch: "x86_64", spot: false, tags: {} });
    expect(graph?.resources.get("machine.b")?.props.private_ip).toBe("10.0.1.9");
    expect(Object.keys(a?.places ?? {})).toEqual(["cpu", "memory", "image", "subnet", "firewall", "public"]);
    expect(a?.references).toEqual(["address.ip", "firewall.f", "subnet.app"]);
  });

  test("null leaves a prop unset and its default in force", () => {
    const result = compileText(`${withSubnet}${machine("m", "hostname = null, public = null, firewall = null")}`);
    expect(result.graph?.resources.get("machine.m")?.props).toMatchObject({ public: false });
    expect(result.graph?.resources.get("machine.m")?.props).not.toHaveProperty("hostname");
    expect(errorsIn(`${withSubnet}${machine("m", "arch = null")}`)).toEqual([]);
    expect(errorsIn(`${start}network n { cidr = null }\n`)).toEqual(["K1303"]);
  });

  test("machines that tag each other with their addresses are no cycle, and neither is a firewall that admits its machines", () => {
    expect(
      errorsIn(withSubnet + machine("a", 'tags = { peer = "${b.private_ip}" }') + machine("b", 'tags = { peer = "${a.private_ip}" }')),
    ).toEqual([]);
    expect(
      errorsIn(`${withSubnet}firewall f { network = main\n allow tcp 80 from m.private_ip\n}\n${machine("m", "firewall = f")}`),
    ).toEqual([]);
    expect(errorsIn(`${start}network a { cidr = b.cidr }\nnetwork b { cidr = a.cidr }\n`)).toEqual(["K1401"]);
  });

  test("references name what a resource refers to, through props, rules and deferred values", () => {
    const text = `${withSubnet}firewall f { network = main\n allow tcp 22 from g\n allow tcp 80 from other.private_ip\n}\nfirewall g { network = main }\n${machine("other")}`;
    const rules = compileText(text).graph?.resources.get("firewall.f");
    expect(rules?.references).toEqual(["firewall.g", "machine.other", "network.main"]);
    expect(rules?.rules.map(({ peers }) => canonical(peers[0]))).toEqual([
      '{"address":"firewall.g","kind":"resource","resourceKind":"firewall"}',
      expect.stringContaining('"name":"#cidr"'),
    ]);
  });

  test("ports and peers are expanded", () => {
    const text = `${withSubnet}let ports = [80, 443]\nlet offices = [198.51.100.0/24, 203.0.113.0/24]\nfirewall f { network = main\n allow tcp ports, 8000-8100 from offices, 192.0.2.7, any\n}\n`;
    const [rule] = compileText(text).graph?.resources.get("firewall.f")?.rules ?? [];
    expect(rule?.ports).toEqual([
      { from: 80, to: 80 },
      { from: 443, to: 443 },
      { from: 8000, to: 8100 },
    ]);
    expect(rule?.peers.map((peer) => (peer.kind === "cidr" ? peer.cidr : peer.kind))).toEqual([
      "198.51.100.0/24",
      "203.0.113.0/24",
      "192.0.2.7/32",
      "any",
    ]);
  });
});

describe("placement", () => {
  const two = `cloud aws { region = "eu-west-1" }\ncloud far = aws { region = "us-east-1" }\n`;
  const cloudOf = (text: string) => compileText(text).graph?.resources.get("network.n")?.cloud ?? errorsIn(text).join(" ");

  test.each([
    [`stack s\ncloud aws { region = "eu-west-1" }\nnetwork n { cidr = 10.0.0.0/16 }\n`, "aws"],
    [`stack s on far\n${two}network n { cidr = 10.0.0.0/16 }\n`, "far"],
    [`stack s on far\n${two}network n on aws { cidr = 10.0.0.0/16 }\n`, "aws"],
    [`stack s\n${two}network n { cidr = 10.0.0.0/16 }\nnetwork m { cidr = 10.0.0.0/16 }\n`, "K1504"],
    [`stack s\n${two}network n on 3 { cidr = 10.0.0.0/16 }\n`, "K1301"],
    [`stack s on c\ninput c: cloud = far\n${two}network n { cidr = 10.0.0.0/16 }\n`, "far"],
  ])("%s", (text, cloud) => {
    expect(cloudOf(text)).toBe(cloud);
  });

  test("a value may cross clouds, an object may not", () => {
    const networks = `stack s\n${two}network a on aws { cidr = 10.0.0.0/16 }\nnetwork b on far { cidr = 10.1.0.0/16 }\n`;
    expect(errorsIn(`${networks}firewall f on aws { network = a\n allow tcp 80 from b.cidr\n}\n`)).toEqual([]);
    expect(errorsIn(`${networks}firewall f on aws { network = a\n allow tcp 80 from b\n}\n`)).toEqual(["K1505"]);
  });

  test("a refinement holds for its provider only, and is typed everywhere", () => {
    const text = (refinement: string) =>
      `${withSubnet}machine m { cpu = 2, memory = 4GiB, image = "debian-12", subnet = app\n on ${refinement}\n}\n`;
    expect(compileText(text('aws { instance_type = "m7i.large" }')).graph?.resources.get("machine.m")?.refinement).toEqual({
      instance_type: "m7i.large",
    });
    expect(errorsIn(text("aws { instance_type = 3 }"))).toEqual(["K1301"]);
    expect(errorsIn(text('aws { instnce_type = "x" }'))).toEqual(["K1209"]);
    expect(errorsIn(text("lab { }"))).toEqual([]);
    expect(errorsIn(text("gcp { }"))).toEqual(["K1501"]);
  });

  test("what a provider refuses is refused only where it is set and placed there", () => {
    const onLab = withSubnet.replace("cloud aws", "cloud lab");
    expect(errorsIn(onLab + machine("m"))).toEqual([]);
    expect(errorsIn(onLab + machine("m", "spot = true"))).toEqual(["K1506"]);
    expect(errorsIn(withSubnet + machine("m", "spot = true"))).toEqual([]);
    expect(errorsIn(onLab + machine("m", "disk root { encrypted = true }"))).toEqual(["K1506"]);
  });

  test("`check` compiles once for every cloud that an input may name", () => {
    const text = `stack s on where_to\ninput where_to: cloud\ncloud aws { region = "eu-west-1" }\ncloud lab { region = "eu-west-1" }\naddress ip { }\n`;
    const { choices, diagnostics } = compileAll({
      files: [{ path: "main.koine", text }],
      providers,
      inputs: new Map(),
      readFile: () => ({ mistake: "no" }),
    });
    expect(choices.map(({ clouds }) => clouds.get("where_to"))).toEqual(["aws", "lab"]);
    expect(choices.map(errorCodes)).toEqual([[], ["K1506"]]);
    expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining("(when `where_to` is `lab`)")]);
  });
});

describe("deferred values", () => {
  const m = machine("m");

  test.each([
    ['network n[length("${m.private_ip}")] { cidr = 10.1.0.0/16 }', "K1407"],
    ['network n[x in ["${m.id}"]] { cidr = 10.1.0.0/16 }', "K1407"],
    ['network n if m.id == "i-1" { cidr = 10.1.0.0/16 }', "K1407"],
    ["@description(m.id)\nnetwork n { cidr = 10.1.0.0/16 }", "K1407"],
    ['network n on m.id == "x" ? aws : aws { cidr = 10.1.0.0/16 }', "K1407"],
    ["let keyed = { [m.id] = 1 }", "K1407"],
    ['let xs = [for x in [1, 2]: x if m.id == "x"]', "K1407"],
    ['network n { cidr = 10.1.0.0/16, tags = { [m.id] = "x" } }', "K1407"],
    ['network n { cidr = "${m.private_ip}/16" }', "K1408"],
    ["let text = file(m.id)", "K1407"],
    ["network n { cidr = 10.1.0.0/16, tags = { a = m.id } }", ""],
    ['output id = m.id == "x" ? 1 : 2', ""],
    ['output many = [for x in [1, 2]: "${m.id}-${x}"]', ""],
    ["let n = length([m.id, m.id])\nnetwork n2[n] { cidr = 10.1.0.0/16 }", ""],
    ["output public = m.public_ip", "K1409"],
  ])("%s", (text, code) => {
    expect(errorsIn(`${withSubnet}${m}${text}\n`).join(" ")).toBe(code);
  });

  test("an assertion on one waits for apply, a decided one does not", () => {
    const graph = compileText(`${withSubnet}${m}assert m.id != "i-1", "taken"\nassert 1 == 1\n`).graph;
    expect(graph?.asserts).toHaveLength(1);
    expect(graph?.asserts[0]?.message).toBe("taken");
  });

  test("the error names the origin and two ways out", () => {
    const [error] = compileText(`${withSubnet}${m}network n[length(m.id)] { cidr = 10.1.0.0/16 }\n`).diagnostics;
    expect(error?.message).toContain("`machine.m.id`");
    expect(error?.hint).toMatch(/input.*; or .*second stack/);
  });
});

describe("secrets", () => {
  const secret = `${withSubnet}input pw: secret string = "hunter2hunter2"\n`;

  test.each([
    ["output x = pw", "K1313"],
    ["output x = length(pw)", "K1313"],
    ['output x = pw == "x" ? 1 : 2', "K1313"],
    ['output x = [for c in [1]: c if pw == "x"]', "K1313"],
    ["output x = json({ pw = pw })", "K1313"],
    ["output x = upper(pw)", "K1313"],
    ["output x: string = pw", "K1313"],
    ["network n[length(pw)] { cidr = 10.1.0.0/16 }", "K1313"],
    ["network n[x in [pw]] { cidr = 10.1.0.0/16 }", "K1314"],
    ['network n if pw == "x" { cidr = 10.1.0.0/16 }', "K1313"],
    ["network n { cidr = 10.1.0.0/16, tags = { a = pw } }", "K1313"],
    ['network n { cidr = pw == "x" ? 10.1.0.0/16 : 10.2.0.0/16 }', "K1313"],
    ["@description(pw)\nnetwork n { cidr = 10.1.0.0/16 }", "K1313"],
    ['assert pw != ""', "K1313"],
    ['input q: secret string = "x" where length(q) > 0', "K1313"],
    ['output x: secret string = "a-${pw}"', ""],
    ["output x: secret int = length(pw)", ""],
    [machine("m", 'user_data = "#!/bin/sh\\n${pw}"'), ""],
    [machine("m", 'cloud_init = { password = pw, list = ["${pw}"] }'), ""],
  ])("%s", (text, code) => {
    expect(errorsIn(`${secret}${text}\n`).join(" ")).toBe(code);
  });

  test.each([
    ['output x: secret int = { a = 1, ["b"] = 2 }[pw]', "K1403"],
    ["output x: secret int = floor(pw)", "K1301"],
    ["output x: secret string = base64(pw) + substr(pw, 1)", "K1204"],
    ['let range: secret cidr = "${pw}"', "K1320"],
    ["output x: secret cidr = subnet(10.0.0.0/30, length(pw), 0)", "K1414"],
    ["output x: secret int = [1][length(pw)]", "K1402"],
  ])("a mistake in %s shows nothing of it", (text, code) => {
    const result = compileText(`${secret}${text}\n`);
    expect(errorCodes(result)).toEqual([code]);
    expect(result.diagnostics.map(({ message, hint, label }) => [message, hint, label].join(" ")).join("\n")).not.toMatch(/hunter2|\b14\b/);
  });

  test("stay tagged in the graph, and no diagnostic shows one", () => {
    const graph = compileText(`${secret}output x: secret string = "a-\${pw}"\n${machine("m", "user_data = pw")}`).graph;
    expect(canonical(graph?.outputs.get("x")?.value)).toBe('@secret{"value":"a-hunter2hunter2"}');
    expect(canonical(graph?.resources.get("machine.m")?.props.user_data)).toBe('@secret{"value":"hunter2hunter2"}');
    expect(canonical(graph?.inputs.get("pw"))).toBe('@secret{"value":"hunter2hunter2"}');
    const wrong = compileText(`${withSubnet}input pw: secret int\ninput u: secret "a" | "b"\n`, {
      inputs: new Map([
        ["pw", { text: "hunter2" }],
        ["u", { text: "hunter2" }],
      ]),
    });
    expect(errorCodes(wrong)).toEqual(["K1411", "K1411"]);
    expect(JSON.stringify(wrong.diagnostics)).not.toContain("hunter2");
  });
});

describe("annotations", () => {
  const read = (annotations: string, header = "n") =>
    compileText(`${withSubnet}${annotations}\nnetwork ${header} { cidr = 10.1.0.0/16 }\n`).graph?.resources.get(
      header === "n" ? "network.n" : "network.n[1]",
    )?.annotations;

  test("are read with their arguments", () => {
    expect(
      read('@protect @was("network.o") @was("network.p") @ignore("tags") @replace("after") @after(main, app) @description("d")'),
    ).toEqual({
      protect: true,
      was: ["network.o", "network.p"],
      ignore: ["tags"],
      replace: "after",
      after: ["network.main", "subnet.app"],
      description: "d",
    });
    expect(read('@was("network.old[${i}]")', "n[i in 0..2]")).toEqual({ was: ["network.old[1]"] });
  });

  test.each([
    ["@protect(1)", "K1315"],
    ["@was()", "K1315"],
    ['@was("subnet.app")', "K1315"],
    ['@was("network.n[")', "K1315"],
    ['@ignore("cidrr")', "K1315"],
    ['@replace("first")', "K1301"],
    ["@after(3)", "K1301"],
    ['@adopt("")', "K1315"],
    ["@protect @protect", "K1216"],
  ])("%s is %s", (annotations, code) => {
    expect(errorsIn(`${withSubnet}${annotations}\nnetwork n { cidr = 10.1.0.0/16 }\n`)).toEqual([code]);
  });
});

describe("inputs that come later", () => {
  test("types are checked, what needs the value is left out and told", () => {
    const text = `${withSubnet}input n: int\ninput k: string\ninput env: string\nkey admin { public_key = k }\n${machine("web[i in 0..n]", "key = admin")}${machine("one", "tags = { env = env }")}output env = env\noutput id = one.id\nassert n > 0\n`;
    const result = compileText(text, { partial: true });
    expect(errorCodes(result)).toEqual([]);
    expect([...(result.graph?.resources.keys() ?? [])]).toEqual(["key.admin", "machine.one", "network.main", "subnet.app"]);
    expect([...(result.graph?.outputs.keys() ?? [])]).toEqual(["id"]);
    expect(result.notes).toHaveLength(1);
    expect(result.notes[0]?.message).toContain("`env`, `k`, `n`");
    expect(errorsIn(text)).toEqual(["K1410", "K1410", "K1410"]);
  });

  test("mistakes are still found, and what refers to what is left out is left out too", () => {
    const text = `${start}input range: cidr\nnetwork main { cidr = range }\nsubnet app { network = main, cidr = 10.0.1.0/24 }\nnetwork other { cidr = 10.0.0.1/16 }\n`;
    expect(errorCodes(compileText(text, { partial: true }))).toEqual(["K2101"]);
    const fine = compileText(text.replace("10.0.0.1/16", "10.0.0.0/16"), { partial: true });
    expect([...(fine.graph?.resources.keys() ?? [])]).toEqual(["network.other"]);
    const reading = compileText(`${start}input range: cidr\nnetwork main { cidr = range }\noutput id = main.id\nassert main.id != "x"\n`, {
      partial: true,
    });
    expect([reading.graph?.outputs.size, reading.graph?.asserts.length]).toEqual([0, 0]);
    expect(errorCodes(compileText(`${text}output wrong = range + 1\n`, { partial: true }))).toContain("K1302");
  });
});
