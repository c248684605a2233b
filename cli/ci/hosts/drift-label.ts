// The label of the issues that tell of drift, the same on every host.

export const driftLabel = { name: "koine-drift", color: "d4a72c", description: "What Koine manages differs from its source" };
