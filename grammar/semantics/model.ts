// What the checker learned and the evaluator needs: the scope, the library, the types of expressions. No behaviour.

import type { FunctionSchema } from "../functions/function.ts";
import type { KindSchema } from "../kinds/kind.ts";
import type { ProviderDescription } from "../kinds/provider-description.ts";
import type { AllowRule, Attribute, Block, CloudDeclaration, Expression, Item, Refinement, ResourceDeclaration } from "../syntax/ast.ts";
import type { Type } from "../types/type.ts";
import type { Cell, Cells } from "./cells.ts";
import type { Report } from "./report.ts";
import type { Scope } from "./scope.ts";

export interface Library {
  readonly kinds: ReadonlyMap<string, KindSchema>;
  readonly functions: ReadonlyMap<string, FunctionSchema>;
  readonly providers: ReadonlyMap<string, ProviderDescription>;
  /** All that there are, whether described or not, for messages. */
  readonly providerNames: readonly string[];
}

/** How a resource's declaration makes a value: one, `kind?`, `list<kind>` or `map<kind>`. */
export type Multiplicity = "one" | "optional" | "list" | "map";

/** A body sorted by what its items are; names that are unknown or written twice are left out. */
export interface CheckedBody {
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** By word, then label. */
  readonly blocks: ReadonlyMap<string, ReadonlyMap<string, CheckedBlock>>;
  readonly rules: readonly AllowRule[];
  /** By provider. */
  readonly refinements: ReadonlyMap<string, CheckedRefinement>;
}

export interface CheckedBlock {
  readonly block: Block;
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface CheckedRefinement {
  readonly refinement: Refinement;
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface CheckedResource {
  readonly declaration: ResourceDeclaration;
  readonly kind: KindSchema;
  readonly body: CheckedBody;
  readonly multiplicity: Multiplicity;
}

export interface CheckedCloud {
  readonly declaration: CloudDeclaration;
  readonly provider: ProviderDescription;
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface Model extends Library {
  readonly scope: Scope;
  readonly report: Report;
  readonly cells: Cells;
  /** Types of lets and resources by name, inferred on demand. */
  readonly valueTypes: Map<string, Cell<Type>>;
  /** Inputs that were given as secrets: their types are secret, declared so or not. */
  readonly secretInputs: ReadonlySet<string>;
  /** Types of those expressions whose value may be deferred; the others say their type themselves. */
  readonly types: Map<Expression, Type>;
  /** Types of outputs, declared or inferred; those with a mistake are left out. */
  readonly outputTypes: Map<string, Type>;
  /** Expressions with a reported mistake: evaluating one is poison. */
  readonly broken: Set<Expression>;
  /** Strings that stand where an address is expected: typed by use. */
  readonly typedStrings: Map<Expression, "ip" | "cidr" | "either">;
  /** Items and expressions whose value differs between the instances of their resource. */
  readonly varying: Set<Item | Expression>;
  readonly resources: Map<string, CheckedResource>;
  readonly checkedClouds: Map<string, CheckedCloud>;
  /** Declarations whose header cannot be evaluated. */
  readonly brokenNames: Set<string>;
}
