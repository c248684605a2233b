// Small stacks on Azure for tests of its lowering.

export const subscription = "6f0a2d3c-1b4e-4c57-9d68-2a7f5e913b04";

export function onAzure(region = "westeurope"): string {
  return `stack shop on azure\ncloud azure { subscription = "${subscription}", region = "${region}" }\n`;
}

/** A network and a subnet in it. */
export const azurePlace = `${onAzure()}network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24 }
`;

/** A machine with some more items in its body. */
export function azureMachine(items: string, image = "ubuntu-24.04"): string {
  return `${azurePlace}machine web {
  cpu = 2, memory = 4GiB, image = "${image}", subnet = app
  ${items}
}
`;
}
