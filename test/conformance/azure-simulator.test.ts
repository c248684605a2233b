// The Azure handlers against the embedded Resource Manager, over the wire and through the vendor's SDK. Nothing is left out. Against another
// server that claims to be Resource Manager, the same.

import { addressCases } from "./azure-address-cases.ts";
import { machineCases } from "./azure-machine-cases.ts";
import { networkCases } from "./azure-network-cases.ts";
import { awkwardTags, azureCloud, stripMarks } from "./azure-surroundings.ts";
import { openAt, openSimulated } from "./simulated-world.ts";
import { declareConformance } from "./suite.ts";

const cases = [...networkCases, ...addressCases, ...machineCases];

declareConformance({
  name: "Azure on the simulator",
  start: () => openSimulated(azureCloud),
  cases,
  deviations: [],
  strip: stripMarks,
  awkwardTags,
});

const other = process.env.KOINE_ARM_SERVER;
if (other === undefined)
  console.info("no other server: set KOINE_ARM_SERVER to the endpoint of one that claims to be Azure Resource Manager");
else {
  declareConformance({
    name: `Azure on ${other}`,
    start: () => openAt(azureCloud, other, async () => undefined),
    cases,
    deviations: [],
    strip: stripMarks,
    awkwardTags,
  });
}
