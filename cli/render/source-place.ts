// Where a source lies in its repository: what hosts and their viewers ask for, where the rest of Koine counts from the stack's folder. Asks git nothing.

import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { findRepository } from "../project/repository.ts";

/** Paths of a stack's files below the root of its repository, with `/`. */
export interface SourcePlaces {
  /** Absolute, links resolved. */
  readonly root: string;
  /** The stack's folder below the root; empty for the root itself. */
  readonly folder: string;
  /** Of a path that is relative to the stack's folder; through links, since hosts show no annotation on a link. */
  fromRoot(file: string): string;
}

/** `directory`: the stack's folder as it was named on the command line. It may be absent: then its name is taken as it stands. */
export function findPlaces(directory: string): SourcePlaces {
  const named = resolve(directory);
  const folder = existsSync(named) ? realpathSync(named) : named;
  const root = existsSync(named) ? findRepository(folder).root : folder;
  const known = new Map<string, string>();
  const find = (file: string): string => {
    const path = resolve(folder, file);
    const inside = belowRoot(root, followLinks(path)) ?? belowRoot(root, path);
    return inside ?? file.split(sep).join("/");
  };
  return {
    root,
    folder: belowRoot(root, folder) ?? "",
    fromRoot: (file) => {
      const path = known.get(file) ?? find(file);
      known.set(file, path);
      return path;
    },
  };
}

function followLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function belowRoot(root: string, path: string): string | undefined {
  const inside = relative(root, path);
  return inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)
    ? undefined
    : join(inside).split(sep).join("/").replace(/^\.$/, "");
}
