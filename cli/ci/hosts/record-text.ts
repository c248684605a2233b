// A record as the few words that a check or a note holds: version, digest, whether it destroys, who has to approve, subject. Strict to read: what is not exactly of this shape
// is no record.

import { requirements } from "../../project/project-settings.ts";
import type { PlanRecord } from "../host.ts";
import { decodeSubject, encodeSubject } from "./marker.ts";

type Said = Pick<PlanRecord, "digest" | "destructive" | "require" | "applied" | "subject">;

/** `koine/1 sha256:… destroys|keeps REQUIREMENT|- shown|applied FOLDER [ENVIRONMENT]`. */
export function writeRecord({ digest, destructive, require, applied, subject }: Said): string {
  return `koine/1 ${digest} ${destructive ? "destroys" : "keeps"} ${require ?? "-"} ${applied ? "applied" : "shown"} ${encodeSubject(subject)}`;
}

export function readRecord(text: string | null | undefined): Said | undefined {
  const match = /^koine\/1 (sha256:[0-9a-f]{64}) (destroys|keeps) (\S+) (shown|applied) (.+)$/.exec(text ?? "");
  if (match?.[1] === undefined || match[5] === undefined) return undefined;
  const require = requirements.find((one) => one === match[3]);
  if (require === undefined && match[3] !== "-") return undefined;
  const subject = decodeSubject(match[5]);
  return (
    subject && {
      digest: match[1],
      destructive: match[2] === "destroys",
      ...(require && { require }),
      ...(match[4] === "applied" ? { applied: true } : {}),
      subject,
    }
  );
}
