// One post (a comment, an issue) for one subject, though several jobs may write at once: the oldest of ours stays, every other of ours goes. Who writes
// what is ours is decided by the box, never by the text.

import type { Subject } from "../host.ts";
import { isSameSubject, type MarkerKind, mark, readMarker } from "./marker.ts";

export interface Post {
  readonly id: number;
  readonly body: string;
  readonly url: string;
}

export interface PostBox {
  /** Those that our own identity wrote, oldest first. */
  listOwn(): Promise<readonly Post[]>;
  create(body: string): Promise<Post>;
  /** Undefined: it is gone. */
  update(id: number, body: string): Promise<Post | undefined>;
  /** That it is gone already is no error. */
  remove(id: number): Promise<void>;
}

const attempts = 4;

/**
 * Finds the post of this subject, updates it, or makes it. Two jobs that find none both make one; each lists again after that, and the later one yields:
 * both keep the oldest.
 */
export async function keepOnePost(box: PostBox, kind: MarkerKind, subject: Subject, markdown: string): Promise<{ readonly url: string }> {
  const body = mark(kind, subject, markdown);
  let made: Post | undefined;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const found = await findPosts(box, kind, subject);
    // A list may trail behind what was just made.
    const own = made && !found.some(({ id }) => id === made?.id) ? [...found, made] : found;
    const [oldest, ...others] = own;
    if (oldest === undefined) {
      made = await box.create(body);
      continue;
    }
    for (const other of others) await box.remove(other.id);
    if (oldest.body === body) return { url: oldest.url };
    const updated = await box.update(oldest.id, body);
    if (updated) return { url: updated.url };
    if (made?.id === oldest.id) made = undefined;
  }
  return { url: (await box.create(body)).url };
}

/** Our posts of this subject, oldest first. */
async function findPosts(box: PostBox, kind: MarkerKind, subject: Subject): Promise<readonly Post[]> {
  const own = await box.listOwn();
  return own.filter(({ body }) => {
    const marked = readMarker(kind, body);
    return marked !== undefined && isSameSubject(marked.subject, subject);
  });
}

/** Every post of ours that names a subject. */
export function readSubjects(posts: readonly Post[], kind: MarkerKind): readonly { readonly subject: Subject; readonly url: string }[] {
  return posts.flatMap(({ body, url }) => {
    const marked = readMarker(kind, body);
    return marked ? [{ subject: marked.subject, url }] : [];
  });
}

/** Keeps the one issue of a subject, or, without a text, none. */
export async function keepOneIssue(
  box: PostBox,
  subject: Subject,
  markdown: string | undefined,
): Promise<{ readonly url: string } | undefined> {
  if (markdown !== undefined) return keepOnePost(box, "drift", subject, markdown);
  for (const { id } of await findPosts(box, "drift", subject)) await box.remove(id);
  return undefined;
}

/** Undefined where what the work is about is not there any more. */
export async function unlessGone<Result>(isGone: (error: unknown) => boolean, work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

export function byAge(one: Post, other: Post): number {
  return one.id - other.id;
}
