// The AWS handlers against the embedded EC2, over the wire and through the vendor's SDK. Nothing is left out.

import { connectEc2 } from "../../providers/aws/client.ts";
import { aws } from "../../providers/aws/provider.ts";
import { addressCases } from "./aws-address-cases.ts";
import { machineCases } from "./aws-machine-cases.ts";
import { networkCases } from "./aws-network-cases.ts";
import { findImage, type Surroundings, signal, stripMarks } from "./aws-surroundings.ts";
import { declareConformance } from "./suite.ts";

const surroundings: Surroundings = {
  instanceType: "m5.large",
  otherType: "m5.xlarge",
  zone: "eu-west-1a",
  zoneId: "euw1-az1",
  volumesByZoneId: true,
  describesGroupPeers: true,
  image: (client) => findImage(client, "099720109477", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*"),
};

declareConformance({
  name: "AWS on the simulator",
  async start() {
    const simulator = await aws.simulate({ directory: ":memory:", delays: "none", seed: 1 });
    const wire: string[] = [];
    const client = connectEc2({
      region: "eu-west-1",
      endpoint: simulator.endpoint,
      simulated: true,
      koineVersion: "test",
      onRequest: (operation) => wire.push(operation),
    });
    const identity = await aws.identify(client, signal());
    return {
      world: { provider: aws, client, identity, wire },
      stop: async () => {
        client.close();
        await simulator.close();
      },
    };
  },
  cases: [...networkCases(surroundings), ...addressCases(surroundings), ...machineCases(surroundings)],
  deviations: [],
  strip: stripMarks,
});
