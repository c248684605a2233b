// From a request to its effect and answer: what holds for every operation (versions, parameters, log), and which rules carry it out.

import { carryOut } from "../../simulation/carry-out.ts";
import type { Play, RequestFacts } from "../../simulation/play.ts";
import { isBehind } from "../../simulation/settings.ts";
import { performAction } from "./actions.ts";
import { deleteGroup, deleteResource } from "./delete-resource.ts";
import { ArmError, refuse, writeError } from "./errors.ts";
import { answerPage, findResources, type ListRequest, readFilter, renderGeneric } from "./lists.ts";
import { viewInstance } from "./machine-view.ts";
import { type Answer, answerResult, answerStatus, type Wire } from "./operation.ts";
import { checkParameters } from "./parameters.ts";
import { answerImages } from "./platform-images.ts";
import type { Preconditions } from "./preconditions.ts";
import { patchResource, putResource, requireGroup, requireResource } from "./put-resource.ts";
import { findRegion, listRegions } from "./regions.ts";
import { renderResource } from "./render.ts";
import { GROUP_TYPE, patchGroup, putGroup, renderGroup, resourceGroup } from "./resource-group.ts";
import { findRoute, type Route } from "./route.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { renderDefaultRules } from "./security-group.ts";
import { describeSkus, listMachineSizes } from "./sku-list.ts";
import { TYPES } from "./types.ts";
import { viewWorld, type World, type WorldView } from "./world.ts";

/** A request as it came. */
export interface ArmRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly preconditions: Preconditions;
  /** `http://127.0.0.1:1234`. */
  readonly origin: string;
}

export interface Prepared {
  readonly request: ArmRequest;
  readonly subscription: string;
  readonly route: Route;
  readonly wire: Wire;
  readonly facts: RequestFacts;
}

export interface HttpAnswer extends Answer {
  readonly requestId: string;
}

const render = renderResource(TYPES);

/** What is asked, before anything is done. Throws ArmError for what is not served. */
export function prepareRequest(request: ArmRequest): Prepared {
  const { subscription, route } = findRoute(request.method, request.path);
  const facts: RequestFacts = {
    operation: route.operation,
    mutating: request.method !== "GET" && request.method !== "HEAD",
    account: subscription.toLowerCase(),
    region: typeof (request.body as JsonMap | undefined)?.location === "string" ? String((request.body as JsonMap).location) : "",
    params: readParameters(request),
  };
  return { request, subscription, route, facts, wire: { origin: request.origin, apiVersion: request.query.get("api-version") ?? "" } };
}

/** The facts of a request that could not be prepared. */
export function guessFacts(request: ArmRequest): RequestFacts {
  return {
    operation: `${request.method} ${request.path}`,
    mutating: false,
    account: request.path.split("/")[2]?.toLowerCase() ?? "",
    region: "",
    params: readParameters(request),
  };
}

const SECRETS = new Set(["customData", "adminPassword", "userData"]);

/** The log keeps what was asked, but no secrets: each is its length. */
function readParameters({ path, query, body, method, preconditions }: ArmRequest): Readonly<Record<string, string>> {
  const parts = path.split("/");
  const named = parts.findIndex((part) => part.toLowerCase() === "resourcegroups");
  const group = named < 0 ? undefined : parts[named + 1];
  return {
    method,
    path,
    name: parts.at(-1) ?? "",
    ...(group === undefined ? {} : { resourceGroupName: group }),
    ...Object.fromEntries(query),
    ...(preconditions.ifMatch === undefined ? {} : { "If-Match": preconditions.ifMatch }),
    ...(preconditions.ifNoneMatch === undefined ? {} : { "If-None-Match": preconditions.ifNoneMatch }),
    ...(body === undefined
      ? {}
      : {
          body: JSON.stringify(body, (key, value: unknown) =>
            SECRETS.has(key) && typeof value === "string" ? `(${value.length} characters)` : value,
          ),
        }),
  };
}

/** Carries out a prepared request and logs it. */
export function performRequest(view: WorldView, prepared: Prepared, now: number, play: Play = {}): HttpAnswer {
  return carryOut(view.store, {
    facts: prepared.facts,
    now,
    play,
    run: () => {
      checkParameters(prepared.route, prepared.request.method, prepared.request.query);
      return answerRoute(viewWorld(view, prepared.subscription, now, play), prepared, play.page);
    },
    succeed: (answer, requestId) => ({ ...answer, requestId }),
    readRefusal: (error) => (error instanceof ArmError ? { code: error.code, status: error.status } : undefined),
    refuse: (error, requestId) => ({ ...answerError(error as ArmError), requestId }),
    again: () => performRequest(view, prepared, now, { fault: "twice" }),
  });
}

export function answerError(error: ArmError): Answer {
  const { retryAfter } = error.options;
  return {
    status: error.status,
    headers: retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
    body: writeError(error),
  };
}

function answerRoute(world: World, prepared: Prepared, pageFault: Play["page"]): Answer {
  const { request, route, wire } = prepared;
  const { query, path } = request;
  const pageOf = (pageSize: number): ListRequest => ({
    path,
    query,
    wire,
    pageSize,
    ...(pageFault === undefined ? {} : { pageFault }),
  });
  const context = { wire, preconditions: request.preconditions, render };
  switch (route.kind) {
    case "subscription":
      return answer(renderSubscription(world.subscription));
    case "locations":
      return answer({ value: listRegions().map((region) => renderLocation(world.subscription, region)) });
    case "groups": {
      const filter = readFilter(world, query.get("$filter"));
      const rows = world.by("resource", "type", GROUP_TYPE).filter((row) => filter.test(row));
      return answerPage(world, rows, pageOf(readTop(query, 1_000)), renderGroup);
    }
    case "group":
      return answerGroup(world, route, request, wire);
    case "resources": {
      if (route.group !== undefined) requireGroup(world, { subscription: world.subscription, group: route.group, names: [] });
      const filter = readFilter(world, query.get("$filter"));
      const expand = (query.get("$expand") ?? "").toLowerCase().split(",");
      return answerPage(world, findResources(world, filter, route.group), pageOf(readTop(query, 1_000)), (row) =>
        renderGeneric(row, filter.hidesTags, expand),
      );
    }
    case "list":
      return answerList(world, route, query, pageOf(LIST_PAGE));
    case "resource": {
      const target = { type: route.type, id: route.id, armId: route.armId };
      if (route.verb === "PUT") return putResource(world, target, request.body, context);
      if (route.verb === "PATCH") return patchResource(world, target, request.body, context);
      if (route.verb === "DELETE") return deleteResource(world, target, context);
      const row = requireSeen(world, requireResource(world, target), target);
      return answer(expandMachine(world, row, query));
    }
    case "action": {
      const target = { type: route.type, id: route.id, armId: route.armId };
      return performAction(world, target, route.action, request.body, wire, requireResource(world, target));
    }
    case "view": {
      const row = requireResource(world, { type: route.type, id: route.id, armId: route.armId });
      return answer(route.action === "vmsizes" ? { value: listMachineSizes() } : viewInstance(world, row));
    }
    case "default-rules": {
      const type = TYPES.get("microsoft.network/networksecuritygroups") ?? resourceGroup;
      const rules = renderDefaultRules(requireResource(world, { type, id: route.id, armId: route.armId }));
      if (route.name === undefined) return answer({ value: rules });
      const wanted = route.name.toLowerCase();
      return answer(
        rules.find((rule) => String(rule.name).toLowerCase() === wanted) ?? refuse("NotFound", `Resource ${path} not found.`, 404),
      );
    }
    case "status":
      return answerStatus(world, route.provider, route.name);
    case "result":
      return answerResult(world, route.name, (row) => (row.type === GROUP_TYPE ? renderGroup(row) : render(world, row)), { ...wire, path });
    case "images": {
      requireRegion(route.location);
      const top = query.get("$top");
      const found = answerImages(world.subscription, route.location, route.path, {
        ...(top === null ? {} : { top: Number(top) }),
        descending: /\bdesc\b/i.test(query.get("$orderby") ?? ""),
      });
      return { status: 200, headers: {}, body: found as JsonMap };
    }
    case "sizes":
      requireRegion(route.location);
      return answer({ value: listMachineSizes() });
    case "skus":
      return answer({ value: describeSkus(query.get("$filter")) });
  }
}

/** Items of a list page; the vendor says only that there may be more. */
const LIST_PAGE = 250;

function answer(body: JsonMap): Answer {
  return { status: 200, headers: {}, body };
}

function requireRegion(location: string): void {
  if (findRegion(location) === undefined)
    refuse("LocationNotAvailableForResourceType", `The provided location '${location}' is not available for resource type 'locations'.`);
}

function readTop(query: URLSearchParams, most: number): number {
  const top = query.get("$top");
  if (top === null) return most;
  const size = Number(top);
  if (!Number.isInteger(size) || size < 1) refuse("InvalidTop", `The value '${top}' of $top is not a positive number.`);
  return Math.min(size, most);
}

/** A resource that was just made may not be found yet, where a fault plan says so. */
function requireSeen(world: World, row: ResourceRow, target: Parameters<typeof requireResource>[1]): ResourceRow {
  if (!isBehind(world.settings.lag, "ids", row.createdAt, world.now)) return row;
  return refuse(
    "ResourceNotFound",
    `The Resource '${target.type.type}/${row.name}' under resource group '${target.id.group}' was not found.`,
    404,
  );
}

function expandMachine(world: World, row: ResourceRow, query: URLSearchParams): JsonMap {
  const expand = query.get("$expand");
  const body = render(world, row);
  if (expand === null) return body;
  const userData = row.properties.userData;
  if (expand.toLowerCase() === "userdata")
    return { ...body, properties: { ...(body.properties as JsonMap), ...(userData === undefined ? {} : { userData }) } };
  if (expand.toLowerCase() !== "instanceview")
    return refuse("InvalidParameter", `The value '${expand}' of $expand is not implemented by the embedded ARM.`);
  return { ...body, properties: { ...(body.properties as JsonMap), instanceView: viewInstance(world, row) } };
}

function answerGroup(world: World, route: Route & { readonly kind: "group" }, request: ArmRequest, wire: Wire): Answer {
  const target = { type: resourceGroup, id: route.id, armId: route.armId };
  if (route.verb === "PUT") return putGroup(world, target, request.body);
  if (route.verb === "HEAD") return { status: world.find(route.armId) === undefined ? 404 : 204, headers: {} };
  if (route.verb === "DELETE") return deleteGroup(world, target, wire);
  const row = requireGroup(world, route.id);
  return route.verb === "PATCH" ? patchGroup(world, row, request.body) : answer(renderGroup(row));
}

function answerList(world: World, route: Route & { readonly kind: "list" }, query: URLSearchParams, list: ListRequest): Answer {
  const { type, group, parent } = route;
  if (group !== undefined) requireGroup(world, { ...route.id, subscription: world.subscription, group });
  if (parent !== undefined && world.find(parent) === undefined)
    refuse(
      "ParentResourceNotFound",
      `Failed to perform 'read' on resource(s) of type '${type.type.split("/").slice(1).join("/")}', because the parent resource '${parent}' could not be found.`,
      404,
    );
  const rows =
    parent !== undefined
      ? world.by("resource", "parent", parent.toLowerCase())
      : group === undefined
        ? world.by("resource", "type", type.type)
        : world.by("resource", "group-type", `${group.toLowerCase()}/${type.type}`);
  const statusOnly = query.get("statusOnly");
  if (statusOnly?.toLowerCase() !== "true") return answerPage(world, rows, list, (row) => render(world, row));
  return answerPage(world, rows, list, (row) => ({
    id: row.armId,
    name: row.name,
    type: row.type,
    ...(row.location === undefined ? {} : { location: row.location }),
    properties: { vmId: row.guid, provisioningState: row.state, instanceView: viewInstance(world, row) },
  }));
}

function renderSubscription(subscription: string): JsonMap {
  return {
    id: `/subscriptions/${subscription}`,
    authorizationSource: "RoleBased",
    managedByTenants: [],
    subscriptionId: subscription,
    tenantId: "72f988bf-0000-4000-8000-000000000000",
    displayName: "Simulated",
    state: "Enabled",
    subscriptionPolicies: { locationPlacementId: "Public_2014-09-01", quotaId: "PayAsYouGo_2014-09-01", spendingLimit: "Off" },
  };
}

function renderLocation(subscription: string, region: ReturnType<typeof listRegions>[number]): JsonMap {
  return {
    id: `/subscriptions/${subscription}/locations/${region.name}`,
    name: region.name,
    type: "Region",
    displayName: region.displayName,
    regionalDisplayName: region.displayName,
    metadata: { regionType: "Physical", regionCategory: "Recommended" },
    ...(region.zones.length === 0
      ? {}
      : {
          availabilityZoneMappings: region.zones.map((logicalZone) => ({ logicalZone, physicalZone: `${region.name}-az${logicalZone}` })),
        }),
  };
}
