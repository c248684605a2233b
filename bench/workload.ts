// The workload W(n): one network, n/10 subnets that refer to it, the rest machines that refer to a subnet, in n distinct blocks.

/** The source of W(n) on a provider. At most 65,536 subnets of a /28 fit. */
export function writeWorkload(n: number, cloud: string): string {
  const subnets = Math.max(1, Math.floor(n / 10));
  const blocks = [`stack w\n${cloud}\n`, "network main { cidr = 10.0.0.0/8 }\n"];
  for (let i = 0; i < subnets; i++) {
    const address = i * 16;
    blocks.push(
      `subnet s${i} {\n  network = main\n  cidr    = 10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}/28\n  zone    = "a"\n  tags    = { n = "${i}" }\n}\n`,
    );
  }
  for (let i = 0; i < n - subnets - 1; i++) {
    blocks.push(
      `machine m${i} {\n  cpu    = 2\n  memory = 4GiB\n  image  = "ubuntu-24.04"\n  subnet = s${i % subnets}\n  tags   = { n = "${i}" }\n}\n`,
    );
  }
  return blocks.join("");
}
