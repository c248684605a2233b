// The layers of ARCHITECTURE.md as rules: grammar ← engine ← providers ← cli, never the other way.
const only = (name, from, to, comment) => ({ name, severity: "error", comment, from, to });

module.exports = {
  forbidden: [
    only("no-cycles", {}, { circular: true }, "A cycle, type-only ones included, is two files that are one."),
    only("grammar-is-pure", { path: "^grammar/", pathNot: "\\.test\\.ts$" }, { path: "^(engine|providers|cli|test|bench)/" }, "grammar knows nothing to its right"),
    only("grammar-has-no-node", { path: "^grammar/", pathNot: "\\.test\\.ts$" }, { dependencyTypes: ["core"] }, "grammar runs in a browser"),
    only("grammar-libraries", { path: "^grammar/", pathNot: "\\.test\\.ts$" }, { path: "node_modules/", pathNot: "node_modules/(chevrotain|@chevrotain|yaml|@noble|ipaddr.js)/" }, "grammar takes chevrotain and yaml only"),
    only("engine-names-no-cloud", { path: "^engine/", pathNot: "\\.test\\.ts$" }, { path: "^(providers|cli|test|bench)/" }, "the engine names no cloud"),
    only("engine-has-no-sdk", { path: "^engine/" }, { path: "node_modules/(@aws-sdk|@smithy|@google-cloud|@azure)/" }, "only a provider's client touches an SDK"),
    only("providers-know-no-cli", { path: "^providers/", pathNot: "\\.test\\.ts$" }, { path: "^(cli|test|bench)/" }, "providers know no command line"),
    only("providers-are-islands", { path: "^providers/([^/]+)/" }, { path: "^providers/([^/]+)/", pathNot: "^providers/($1|handlers|lowering|simulation)/" }, "a provider knows no other; what providers share is in handlers, lowering, simulation"),
    only("lowering-is-pure", { path: "^providers/(lowering|[^/]+/(lower|catalog))/", pathNot: "\\.test\\.ts$" }, { dependencyTypes: ["core"] }, "lowering imports no Node module"),
    only("lowering-has-no-client", { path: "^providers/(lowering|[^/]+/lower)/", pathNot: "\\.test\\.ts$" }, { path: "^providers/[^/]+/(client|objects|simulator)" }, "lowering knows no client"),
    only("sdk-in-client-only", { path: "^providers/", pathNot: "^providers/[^/]+/client\\.ts$|\\.test\\.ts$" }, { path: "node_modules/(@aws-sdk|@smithy|@google-cloud|@azure)/", dependencyTypesNot: ["type-only"] }, "the SDK loads only when a cloud is called"),
    only("not-to-test", { pathNot: "^(test|bench|scripts)/|\\.test\\.ts$" }, { path: "^(test|bench)/|\\.test\\.ts$" }, "no code imports a test"),
    only("no-dev-dependency", { path: "^(grammar|engine|providers|cli)/", pathNot: "\\.test\\.ts$" }, { dependencyTypes: ["npm-dev", "npm-no-pkg", "unknown"] }, "shipped code uses shipped packages"),
    only("resolvable", {}, { couldNotResolve: true }, "an import that leads nowhere"),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node"] },
  },
};
