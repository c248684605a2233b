// How text lies on a terminal: how many cells a character takes, and what is shown for one that must not reach a terminal
// as it is (a tab, a control character, half of a surrogate pair).

/** One shown character: its text, its cells, and the range of source units it stands for. */
export interface Cell {
  readonly text: string;
  readonly width: number;
  readonly start: number;
  readonly end: number;
}

const tabStop = 4;

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

/** Cells of a line, in order; `from` and `to` bound what is looked at, so that a huge line costs no more than a short one. */
export function layOutLine(line: string, from = 0, to = line.length): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (let at = from; at < to; ) {
    const code = line.codePointAt(at) ?? 0;
    const character = String.fromCodePoint(code);
    const end = at + character.length;
    const shown = code === 9 ? " ".repeat(tabStop - (column % tabStop)) : showSafely(character, code);
    const width = code === 9 || shown !== character ? shown.length : widthOf(character, code);
    cells.push({ text: shown, width, start: at, end });
    column += width;
    at = end;
  }
  return cells;
}

/** A text without anything that could steer a terminal; line breaks too are shown as escapes. */
export function escapeControls(text: string): string {
  return /^[ -~]*$/.test(text) ? text : [...text].map((character) => showSafely(character, character.codePointAt(0) ?? 0)).join("");
}

function showSafely(character: string, code: number): string {
  const hidden = /^[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]$/u.test(character);
  return hidden ? `\\u{${code.toString(16)}}` : character;
}

function widthOf(character: string, code: number): number {
  if (code < 0x300) return 1;
  if (/^(?:\p{Mn}|\p{Me})$/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
