// What is known of one diagnostic code: the text of its page (`koine explain`) and two sources that prove it.

export interface CodeInfo {
  /** A noun phrase, for lists: "unterminated string". */
  readonly title: string;
  /** Markdown of the page: what it means, why Koine refuses it, how to mend it. */
  readonly explanation: string;
  /** The smallest complete stack that triggers the code; run by a test. */
  readonly bad?: string;
  /** A stack that comes near and does not trigger it; run by a test. */
  readonly good?: string;
}
