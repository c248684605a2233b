// How the entry of a request ends that had its effect: with what it made, incarnation included. Marks are copied by images, backups and
// restores; only an id that the journal keeps tells the original from a copy later. Pure.

import type { ObjectId } from "../provider/provider.ts";
import type { JournalEntry } from "../state/store.ts";

/** What a creating request made, written into its entry as soon as it is known. Other entries stay as they are. */
export function tellMade(entry: JournalEntry, id: ObjectId | undefined): JournalEntry {
  if (!entry.step.creates || !id || id.id === "") return entry;
  return { ...entry, id: id.id, row: { ...entry.row, id } };
}
