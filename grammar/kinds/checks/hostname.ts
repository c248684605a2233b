// Host names: RFC 1123 labels in small letters, no longer than Linux keeps.

import type { KindCheck } from "../kind.ts";
import { knownText, makeError, placeOf } from "./reading.ts";

// Linux keeps 64 bytes (gethostname(2), HOST_NAME_MAX); RFC 1123 takes 63 for one label.
const maxLength = 63;

export const checkHostname: KindCheck = (machine) => {
  const name = knownText(machine.props.hostname);
  if (name === undefined) return [];
  const reason = findFlaw(name);
  if (!reason) return [];
  const suggestion = suggestName(name);
  return [
    makeError("K2407", placeOf(machine, "hostname"), `the host name ${reason}`, {
      hint: suggestion ? `use a name such as "${suggestion}"` : "use small letters, digits and hyphens",
    }),
  ];
};

function findFlaw(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name.length > maxLength) return `has ${name.length} characters, and ${maxLength} are the most`;
  for (const label of name.split(".")) {
    if (label === "") return "has an empty part between dots";
    if (label.startsWith("-") || label.endsWith("-")) return "begins or ends with a hyphen";
    const stranger = [...label].find((character) => !/^[a-z0-9-]$/.test(character));
    if (stranger !== undefined) return `has the character \`${stranger}\``;
  }
  return undefined;
}

function suggestName(name: string): string | undefined {
  const labels = name
    .toLowerCase()
    .split(".")
    .map((label) => trimHyphens([...label].map((one) => (/^[a-z0-9]$/.test(one) ? one : "-")).join("")))
    .filter((label) => label !== "");
  const suggestion = trimHyphens(labels.join(".").slice(0, maxLength));
  return suggestion === "" || findFlaw(suggestion) ? undefined : suggestion;
}

function trimHyphens(label: string): string {
  let start = 0;
  let end = label.length;
  while (start < end && label[start] === "-") start++;
  while (end > start && label[end - 1] === "-") end--;
  return label.slice(start, end);
}
