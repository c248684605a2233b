// The AWS handlers against the embedded EC2, over the wire and through the vendor's SDK. Nothing is left out.

import { addressCases } from "./aws-address-cases.ts";
import { imageCases } from "./aws-image-cases.ts";
import { machineCases } from "./aws-machine-cases.ts";
import { networkCases } from "./aws-network-cases.ts";
import { awsCloud, findImage, type Surroundings, stripMarks } from "./aws-surroundings.ts";
import { openSimulated } from "./simulated-world.ts";
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
  start: () => openSimulated(awsCloud),
  cases: [...networkCases(surroundings), ...addressCases(surroundings), ...machineCases(surroundings), ...imageCases(surroundings)],
  deviations: [],
  strip: stripMarks,
});
