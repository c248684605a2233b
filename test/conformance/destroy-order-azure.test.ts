// Destroy order on azure: see destroy-order/declare.ts.

import { azureCases } from "./destroy-order/azure-cases.ts";
import { declareDestroyOrder } from "./destroy-order/declare.ts";

declareDestroyOrder("azure", azureCases);
