// A question that a person answers with y or n. Only where somebody can answer; everything but a yes is a no.

import { createInterface } from "node:readline/promises";

/** The end of the input, Ctrl-C and an aborted signal are a no. The question stands without its `[y/N]`. */
export async function askYes(question: string, signal?: AbortSignal): Promise<boolean> {
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  // On a terminal Ctrl-C is a key here: it is passed on to whoever heeds signals, and ends the question only after that.
  questions.once("SIGINT", () => {
    process.kill(process.pid, "SIGINT");
    setTimeout(() => questions.close(), 100);
  });
  const closed = new Promise<string>((resolve) => questions.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([questions.question(`${question} [y/N] `, signal ? { signal } : {}), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    questions.close();
  }
}
