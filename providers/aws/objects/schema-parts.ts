// Pieces of native schemas that several EC2 types share. Data only.

import type { NativeProp, NativeSchema } from "../../../engine/provider/native-schema.ts";
import { minutes } from "../../handlers/schema-parts.ts";

/** Most EC2 objects are there within seconds; the time is for throttling and for eventual consistency. */
export const quick: NativeSchema["timeouts"] = { create: minutes(5), update: minutes(5), delete: minutes(10) };

/** The user's tags, owned key by key. The marks and `aws:` tags never stand here. */
export const tagsProp: NativeProp = { type: "tags", doc: "Tags of the user." };

/**
 * RunInstances documents its tokens as valid for at least 24 hours after the instance ended.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Run_Instance_Idempotency.html
 */
export const instanceTokenValid = minutes(24 * 60);

/** Other operations document no time. An hour is well inside what is observed; after it the marks decide. */
export const undocumentedTokenValid = minutes(60);
