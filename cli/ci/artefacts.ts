// The folder of artefacts: for each subject its report, page, comment and plan file. What another job takes from here is report.json alone, and it looks
// at that as at a stranger's.

import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CannotUse } from "../render/failure.ts";
import type { Subject } from "./host.ts";

/** Beside the subjects' folders; says that the folder is ours, and for people what was compared. No program may believe it. */
const requestFile = "request.json";

/** Makes the folder, empty. One that holds anything but earlier artefacts is refused. */
export function openArtefacts(out: string, about: Readonly<Record<string, unknown>>): void {
  const found = lstatSync(out, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw new CannotUse(`\`${out}\` is no folder`, "name another with `--out DIR`");
  if (found && readdirSync(out).length > 0) {
    if (!existsSync(join(out, requestFile)))
      throw new CannotUse(
        `\`${out}\` holds something that is not of \`koine ci plan\``,
        "name another folder with `--out DIR`, or empty it",
      );
    rmSync(out, { recursive: true });
  }
  mkdirSync(out, { recursive: true, mode: 0o700 });
  writeFileSync(join(out, requestFile), `${JSON.stringify(about, undefined, 2)}\n`, { mode: 0o600 });
}

/** Of one subject; made here. */
export function makeSubjectFolder(out: string, subject: Subject): string {
  const folder = join(out, nameSubjectFolder(subject));
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

export function writeArtefact(folder: string, name: "report.json" | "plan.html" | "comment.md", text: string): void {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
}

/** A name that every file system and artefact store takes: `infra__shop@prod`. Where letters had to be left out, a digest keeps names apart. */
export function nameSubjectFolder({ folder, environment }: Subject): string {
  const parts = folder === "" ? ["root"] : folder.split("/");
  const plain = parts.every((part) => /^[A-Za-z0-9][A-Za-z0-9.-]*(?:_[A-Za-z0-9.-]+)*$/.test(part)) && folder !== "root";
  const name = parts
    .map((part) => part.replace(/[^A-Za-z0-9.-]/g, "_").replace(/^\.+/, "_"))
    .join("__")
    .slice(0, 120);
  const full = `${name}${environment === undefined ? "" : `@${environment}`}`;
  if ((plain || folder === "") && name.length < 120) return full;
  return `${full}-${createHash("sha256")
    .update(`${folder}\0${environment ?? ""}`)
    .digest("hex")
    .slice(0, 10)}`;
}
