import { describe, expect, test } from "vitest";
import { parseText, printText, printValue } from "../../test/support/print-syntax.ts";
import { KoineParser } from "./parser.ts";

test("the grammar is sound: no ambiguity, no left recursion, no duplicate", () => {
  expect(() => new KoineParser(true)).not.toThrow();
});

describe("declarations", () => {
  test.each([
    ["stack shop", "stack shop"],
    ["stack shop on primary", "stack shop on primary"],
    ['stack shop on aws { tags = { team = "web" } }', 'stack shop on aws {tags={team="web"}}'],
    ["stack shop {}", "stack shop {}"],
    ["input a: int", "input a: int"],
    ['input env: "staging" | "prod" = "staging"', 'input env: "staging"|"prod" = "staging"'],
    ['input a: int = 2 where a >= 1 && a <= 50, "between 1 and 50"', 'input a: int = 2 where ((a >= 1) && (a <= 50)) , "between 1 and 50"'],
    ["input a: int where a > 1", "input a: int where (a > 1)"],
    ["let a = 198.51.100.0/24", "let a = cidr:198.51.100.0/24"],
    ["let a: list<int> = [1]", "let a: list<int> = [1]"],
    ['cloud aws { region = "eu-west-1" }', 'cloud aws {region="eu-west-1"}'],
    ["cloud lab = libvirt {}", "cloud lab = libvirt {}"],
    ["output a = 1", "output a = 1"],
    ["output a: secret string = b", "output a: secret(string) = b"],
    ["assert a", "assert a"],
    ['assert a > 1, "too ${a}"', 'assert (a > 1) , "too |${a}"'],
    ["network main {}", "network main {}"],
    ["machine web[3] {}", "machine web[3] {}"],
    ["machine web[i in 0..n] {}", "machine web[i in (0 .. n)] {}"],
    ['subnet app[n, zone in ["a", "b"]] {}', 'subnet app[n,zone in ["a" "b"]] {}'],
    ["machine web[a + b] {}", "machine web[(a + b)] {}"],
    ["machine web[xs] {}", "machine web[xs] {}"],
    ['machine db if env == "prod" {}', 'machine db if (env == "prod") {}'],
    ["key admin[c in [aws, gcp]] on c if d {}", "key admin[c in [aws gcp]] on c if d {}"],
    ["@protect machine db {}", "@protect() machine db {}"],
    ['@protect\n@was("machine.old", 1,) machine db {}', '@protect() @was("machine.old" 1) machine db {}'],
  ])("%s", (text, printed) => {
    expect(printText(`${text}\n`)).toEqual([printed]);
  });
});

describe("bodies", () => {
  test.each([
    ["a = 1, b = 2", "a=1; b=2"],
    ["a = 1,\n b = 2,\n", "a=1; b=2"],
    ["\n  disk root { size = 20GiB }\n  disk { }\n", "disk root {size=size:21474836480}; disk {}"],
    ['on aws { instance_type = "m7i.large" }', 'on aws {instance_type="m7i.large"}'],
    ["allow tcp 80, 443 from any", "allow tcp 80,443 from any"],
    ["allow tcp 8000-8100 from office, any", "allow tcp 8000-8100 from office,any"],
    ["allow udp low-high, ports.dns to dns[0].cidr", "allow udp low-high,ports.dns to dns[0].cidr"],
    ["allow icmp from office", "allow icmp  from office"],
    ["allow any from [for m in web: m.private_ip][0]", "allow any  from [for m in web: m.private_ip][0]"],
    ["allow tcp 22 from a ?? b\n allow tcp 80 from any", "allow tcp 22 from (a ?? b); allow tcp 80 from any"],
    ["allow tcp 22 from a,\n   b\n", "allow tcp 22 from a,b"],
  ])("%j", (body, printed) => {
    expect(printText(`firewall f {${body}}\n`)).toEqual([`firewall f {${printed}}`]);
  });
});

describe("types", () => {
  test.each([
    ["int", "int"],
    ["list<map<string>>", "list<map<string>>"],
    ["list<int>?", "list<int>?"],
    ["secret string?", "secret(string?)"],
    ["secret secret int", "secret(secret(int))"],
    ["list<secret string>", "list<secret(string)>"],
    ["{ a: int, b: list<string>? }", "{a:int b:list<string>?}"],
    ["{\n  a: int\n  b: { c: ip }\n}", "{a:int b:{c:ip}}"],
    ["{}", "{}"],
    ['"a" | "b\\n"', '"a"|"b\\n"'],
    ['"a"?', '"a"?'],
    ["machine", "machine"],
  ])("%s", (type, printed) => {
    expect(printText(`input x: ${type} = 1\n`)).toEqual([`input x: ${printed} = 1`]);
  });
});

describe("expressions", () => {
  test.each([
    ["true", "bool:true"],
    ["false", "bool:false"],
    ["null", "null"],
    ["[]", "[]"],
    ["[1, 2,]", "[1 2]"],
    ["{}", "{}"],
    ['{ a = 1, "b c" = 2, [d] = 3 }', "{a=1 b c=2 [d]=3}"],
    ["{\n a = 1\n b = 2\n}", "{a=1 b=2}"],
    ["[for a in xs: a]", "[for a in xs: a]"],
    ["[for i, a in xs: a if i > 0]", "[for i,a in xs: a if (i > 0)]"],
    ["[for a in b ? c : d: e ? f : g]", "[for a in (b ? c : d): (e ? f : g)]"],
    ["{for k, v in m: k => v}", "{for k,v in m: k=>v}"],
    ["{for k in m: k => v if c}", "{for k in m: k=>v if c}"],
    ["[[for a in b: a][0]]", "[[for a in b: a][0]]"],
    ['app[["a", "b"][i % 2]]', 'app[["a" "b"][(i % 2)]]'],
  ])("%s", (source, printed) => {
    expect(printValue(source)).toBe(printed);
  });
});

test("the tour of the language is read without a mistake", () => {
  const { tree, diagnostics } = parseText(tour);
  expect(diagnostics).toEqual([]);
  expect(tree.incomplete).toBeUndefined();
  expect(tree.declarations.map(({ kind }) => kind)).toEqual([
    ...["stack", "input", "input", "input", "input", "input", "cloud", "cloud", "cloud", "cloud", "let"],
    ...["resource", "resource", "resource", "resource", "resource", "resource", "output"],
  ]);
});

const tour = `stack shop on primary { tags = { team = "web" } }

input env: "staging" | "prod" = "staging"
input primary: cloud = aws
input replicas: int = 2 where replicas >= 1 && replicas <= 50, "between 1 and 50"
input admin_key: string
input db_password: secret string

cloud aws   { region = "eu-west-1" }
cloud gcp   { project = "shop-\${env}", region = near("dublin") }
cloud azure { subscription = "0000…", region = near("dublin") }
cloud lab = libvirt { uri = "qemu:///system" }        # a second name for a provider

let office = 198.51.100.0/24

network main { cidr = 10.20.0.0/16 }

subnet app[n, zone in ["a", "b"]] {                   # position, value; the address key is the value
  network = main
  cidr    = subnet(main.cidr, 8, n)                   # 10.20.0.0/24, 10.20.1.0/24
  zone    = zone                                      # left: the prop; right: the iteration
}

firewall http {
  network = main
  allow tcp 80, 443 from any
  allow tcp 22 from office
}

key admin { public_key = admin_key }

machine web[i in 0..replicas] {                       # 0..n excludes n
  cpu      = 2
  memory   = 4GiB
  image    = "ubuntu-24.04"
  subnet   = app[["a", "b"][i % 2]]
  firewall = http
  key      = admin
  public   = true
  disk root { size = 20GiB }
  disk data { size = 100GiB, type = "ssd" }
  cloud_init = { packages = ["nginx"] }

  on aws { instance_type = "m7i.large" }              # used only when placed on aws, typed by aws
}

@protect
machine db if env == "prod" {
  cpu = 4, memory = 16GiB
  image    = "debian-12"
  subnet   = app["a"]
  firewall = http
  key      = admin
}

output urls = [for m in web: "http://\${m.public_ip}"]
`;
