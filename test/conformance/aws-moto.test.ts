// The AWS handlers against moto, a third party's EC2. Where moto does not do as EC2 documents, the test is left out here, never bent in the provider.

import { it } from "vitest";
import { connectEc2 } from "../../providers/aws/client.ts";
import { aws } from "../../providers/aws/provider.ts";
import { addressCases } from "./aws-address-cases.ts";
import { imageCases } from "./aws-image-cases.ts";
import { machineCases } from "./aws-machine-cases.ts";
import { networkCases } from "./aws-network-cases.ts";
import { isRead, type Surroundings, stripMarks } from "./aws-surroundings.ts";
import { adaptRequests, deviations } from "./moto-deviations.ts";
import { isMotoInstalled, startMoto } from "./moto-server.ts";
import { declareConformance } from "./suite.ts";

/** What moto starts with in eu-west-1. */
const surroundings: Surroundings = {
  instanceType: "m5.large",
  otherType: "m5.xlarge",
  zone: "eu-west-1a",
  zoneId: "euw1-az3",
  volumesByZoneId: false,
  describesGroupPeers: false,
  image: async () => ({ id: "ami-12c6146b", rootDevice: "/dev/sda1" }),
};

if (isMotoInstalled()) {
  declareConformance({
    name: "AWS on moto",
    async start() {
      const moto = await startMoto();
      const wire: string[] = [];
      const options = { region: "eu-west-1", endpoint: moto.endpoint, simulated: true, koineVersion: "test" };
      const counted = connectEc2({ ...options, onRequest: (operation) => wire.push(operation) });
      const quiet = connectEc2(options);
      const client = adaptRequests(counted, quiet);
      const identity = await aws.identify(client, AbortSignal.timeout(10_000));
      return {
        world: { provider: aws, client, identity, wire, isRead },
        stop: async () => {
          counted.close();
          quiet.close();
          await moto.stop();
        },
      };
    },
    cases: [...networkCases(surroundings), ...addressCases(surroundings), ...machineCases(surroundings), ...imageCases(surroundings)],
    deviations,
    strip: stripMarks,
  });
} else {
  it.skip("AWS on moto: moto_server is not on the PATH (pip install 'moto[ec2,server]')", () => undefined);
}
