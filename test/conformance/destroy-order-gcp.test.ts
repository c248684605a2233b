// Destroy order on gcp: see destroy-order/declare.ts.

import { declareDestroyOrder } from "./destroy-order/declare.ts";
import { gcpCases } from "./destroy-order/gcp-cases.ts";

declareDestroyOrder("gcp", gcpCases);
