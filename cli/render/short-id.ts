// Ids as progress shows them. Pure; what is kept or printed as data is never shortened.

/** An id that is a path ends in what tells it apart: `virtualMachines/notes-web`. Other ids are shown as they are. */
export function shortId(id: string): string {
  return id
    .split("|")
    .map((part) => part.split("/").slice(-2).join("/"))
    .join("|");
}
