// What every reachability oracle answers, and the walk from one end to the other that they share: out of the one, into the other, with the address
// under which the other sees the one. What lets a packet pass is each oracle's own to know.

import { readIp } from "./ranges.ts";

export interface Traffic {
  readonly protocol: "tcp" | "udp" | "icmp";
  /** The port that is connected to; absent for icmp, which stands for an echo request. */
  readonly port?: number;
}

/** An end of a new connection. Machines go by the name under which the clouds show them: `<stack>-<name>`. */
export type Endpoint =
  /** By its private address. */
  | { readonly kind: "machine"; readonly name: string }
  /** By its public address, if it has one. Never a source. */
  | { readonly kind: "public"; readonly name: string }
  | { readonly kind: "internet"; readonly ip: string }
  /** The metadata service of the machine's own host, 169.254.169.254 on all three clouds. Never a source. */
  | { readonly kind: "metadata" };

export interface Probe {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly traffic: Traffic;
}

export interface Verdict {
  /** `unpromised`: the portable meaning leaves it open, because a cloud cannot do it. Only the portable oracle says so. */
  readonly answer: "open" | "closed" | "unpromised";
  /** What decided: a rule, a route, the want of one. */
  readonly why: string;
}

/** A way out of a machine, and the address that the other end sees; absent where it is any of the cloud's own. */
export interface Exit<A> extends Verdict {
  readonly source?: A;
}

export interface Oracle {
  /** `portable`, `aws`, … */
  readonly name: string;
  readonly judge: (probe: Probe) => Verdict;
}

/** What one vendor knows: `H` is a machine as it runs there, `A` an address. */
export interface World<H, A> {
  readonly name: string;
  /** The machine of that name; undefined when none of it runs. */
  readonly find: (name: string) => H | undefined;
  /** From one to the other by private addresses. */
  readonly between: (from: H, to: H, traffic: Traffic) => Verdict;
  /** From a machine to an address outside of its network. */
  readonly leave: (from: H, to: A, traffic: Traffic) => Exit<A>;
  /** To the public address of a machine, from an address outside of its network. */
  readonly enter: (to: H, from: A, traffic: Traffic) => Verdict;
  readonly publicAddress: (machine: H) => A | undefined;
  /** What a filter says of the metadata service. */
  readonly metadata: (from: H) => Verdict;
  readonly internet: (ip: number) => A;
}

const notRunning: Verdict = closed("it does not run");

export function open(why: string): Verdict {
  return { answer: "open", why };
}

export function closed(why: string): Verdict {
  return { answer: "closed", why };
}

/** The second opinion counts where the first is open; both are shown. */
export function andThen(first: Verdict, second: () => Verdict): Verdict {
  if (first.answer === "closed") return first;
  const next = second();
  if (next.answer === "closed") return next;
  return { answer: first.answer === "open" ? next.answer : first.answer, why: `${first.why}; ${next.why}` };
}

/** Judges new connections only: all three clouds and the portable meaning are stateful, so answers pass wherever the question did. */
export function makeOracle<H, A>(world: World<H, A>): Oracle {
  const judge = ({ from, to, traffic }: Probe): Verdict => {
    if (from.kind === "internet") {
      const target = to.kind === "public" ? world.find(to.name) : undefined;
      if (!target) return notRunning;
      if (world.publicAddress(target) === undefined) return closed("it has no public address");
      return world.enter(target, world.internet(readIp(from.ip)), traffic);
    }
    const source = from.kind === "machine" ? world.find(from.name) : undefined;
    if (!source) return notRunning;
    if (to.kind === "internet") return world.leave(source, world.internet(readIp(to.ip)), traffic);
    if (to.kind === "metadata") return world.metadata(source);
    const target = world.find(to.name);
    if (!target) return notRunning;
    if (to.kind === "machine") return world.between(source, target, traffic);
    const address = world.publicAddress(target);
    if (address === undefined) return closed("it has no public address");
    const exit = world.leave(source, address, traffic);
    const seen = exit.source;
    return andThen(exit, () => (seen === undefined ? closed("from an address that nobody chose") : world.enter(target, seen, traffic)));
  };
  return { name: world.name, judge };
}
