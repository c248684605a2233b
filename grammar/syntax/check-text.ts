// What must be true of a file before it is read at all: that it is text, that it is not huge, and that it shows what it says.

import { positionAt } from "../source/source-file.ts";
import { showCharacter } from "./lexical-problems.ts";
import type { Reporter } from "./reporter.ts";

/** In UTF-16 code units; larger files are no hand-written sources. */
export const maximumLength = 16 * 1024 * 1024;

/**
 * The text to read, with offsets of the file: a byte order mark at the beginning is blanked. Undefined when the file is not
 * to be read; the reason is reported.
 */
export function checkText(reporter: Reporter): string | undefined {
  const { text } = reporter.file;
  if (text.length > maximumLength) {
    reporter.reportCause({
      code: "K1013",
      message: "the file is larger than 16 MiB",
      start: 0,
      end: 0,
      hint: "divide the stack into several files of the same folder",
    });
    return undefined;
  }
  const nul = text.indexOf("\0");
  if (nul !== -1) {
    reporter.reportCause({
      code: "K1014",
      message: "the file is not text: it holds a NUL character",
      start: nul,
      end: nul + 1,
      hint: text.charCodeAt(1) === 0 || text.charCodeAt(0) === 0 ? "it seems to be UTF-16: save it as UTF-8" : "save it as UTF-8 text",
    });
    return undefined;
  }
  if (!text.isWellFormed()) {
    const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(text)?.index ?? 0;
    reporter.reportCause({
      code: "K1014",
      message: `the file is not valid Unicode: line ${positionAt(reporter.file, lone).line} holds half of a character`,
      start: lone,
      end: lone + 1,
      hint: "save it as UTF-8 text",
    });
    return undefined;
  }
  // Text that is shown in another order than it is read can hide what a change does: https://trojansource.codes
  const hidden = /[\u202a-\u202e\u2066-\u2069]/.exec(text);
  if (hidden) {
    reporter.reportCause({
      code: "K1015",
      message: `the character ${showCharacter(hidden[0])} changes the direction of the text after it`,
      start: hidden.index,
      end: hidden.index + 1,
      hint: "remove it: it makes a source look different from what it says; in a string it can be written as an escape",
      fix: { title: "remove it", replacement: "", start: hidden.index, end: hidden.index + 1 },
    });
  }
  return text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;
}
