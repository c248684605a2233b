// The gcp handlers against the embedded Compute Engine, over the wire and through the vendor's SDK. Nothing is left out.

import { machineCases } from "./gcp-machine-cases.ts";
import { networkCases } from "./gcp-network-cases.ts";
import { awkwardLabels, gcpCloud, stripMarks } from "./gcp-surroundings.ts";
import { openSimulated } from "./simulated-world.ts";
import { declareConformance } from "./suite.ts";

declareConformance({
  name: "Google Cloud on the simulator",
  start: () => openSimulated(gcpCloud),
  cases: [...networkCases, ...machineCases],
  deviations: [],
  strip: stripMarks,
  awkwardTags: awkwardLabels,
});
