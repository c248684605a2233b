// Instance profiles: how an instance gets a role. This world has no IAM, so any well-formed profile of the account exists.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateIamInstanceProfile.html

import { createHash } from "node:crypto";
import type {
  AssociateIamInstanceProfileRequest,
  AssociateIamInstanceProfileResult,
  DescribeIamInstanceProfileAssociationsRequest,
  DescribeIamInstanceProfileAssociationsResult,
  DisassociateIamInstanceProfileRequest,
  DisassociateIamInstanceProfileResult,
  IamInstanceProfileAssociation,
  IamInstanceProfileSpecification,
  ReplaceIamInstanceProfileAssociationRequest,
  ReplaceIamInstanceProfileAssociationResult,
} from "@aws-sdk/client-ec2";
import { cutPage, isBehind, matchFilters, USUAL_PAGE } from "./describe.ts";
import { refuse } from "./errors.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { requireRow } from "./require.ts";
import type { InstanceRow, ProfileAssociation } from "./rows.ts";
import type { World } from "./world.ts";

/** The ARN of the profile that a request names, by ARN or by name. */
export function readProfile(world: World, asked: IamInstanceProfileSpecification | undefined): string {
  const { Arn: arn, Name: name } = asked ?? {};
  if (arn === undefined && name === undefined) refuse("MissingParameter", "The request must contain the parameter iamInstanceProfile");
  if (arn !== undefined && name !== undefined)
    refuse(
      "InvalidParameterCombination",
      "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'",
    );
  if (name !== undefined && !/^[\w+=,.@-]{1,128}$/.test(name))
    refuse("InvalidParameterValue", `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`);
  if (arn !== undefined && !arn.startsWith(`arn:aws:iam::${world.account}:instance-profile/`))
    refuse("InvalidParameterValue", `Value (${arn}) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN`);
  return arn ?? `arn:aws:iam::${world.account}:instance-profile/${name}`;
}

export function idOfProfile(arn: string): string {
  return `AIPA${createHash("sha256").update(arn).digest("hex").slice(0, 17).toUpperCase()}`;
}

function renderAssociation(row: InstanceRow, profile: ProfileAssociation): IamInstanceProfileAssociation {
  return {
    AssociationId: profile.id,
    InstanceId: row.id,
    IamInstanceProfile: { Arn: profile.arn, Id: idOfProfile(profile.arn) },
    State: profile.state,
  };
}

function associate(world: World, row: InstanceRow, arn: string): IamInstanceProfileAssociation {
  const profile: ProfileAssociation = { id: world.newId("iip-assoc"), arn, state: "associating", at: world.now };
  const changed = world.change(row, { profile });
  world.after("profile", "profile-associated", row.id, { association: profile.id });
  return renderAssociation(changed, profile);
}

function requireAssociation(world: World, id: string | undefined): { readonly row: InstanceRow; readonly profile: ProfileAssociation } {
  const [row] = world.by("instance", "profile", id ?? "");
  if (row?.profile === undefined) refuse("NoSuchAssociation", `An invalid association-id of '${id}' was given`);
  return { row, profile: row.profile };
}

export const instanceProfileOperations = {
  AssociateIamInstanceProfile: defineMutation<AssociateIamInstanceProfileRequest, AssociateIamInstanceProfileResult>(
    ["IamInstanceProfile", "InstanceId"],
    (world, input) => {
      const row = requireRow(world, "instance", input.InstanceId);
      const arn = readProfile(world, input.IamInstanceProfile);
      if (row.state !== "running" && row.state !== "stopped")
        refuse("IncorrectInstanceState", `The instance '${row.id}' is not in the 'running' or 'stopped' states.`);
      // "You cannot associate more than one IAM instance profile with an instance."
      if (row.profile !== undefined) refuse("IncorrectState", `There is an existing association for instance ${row.id}`);
      return { IamInstanceProfileAssociation: associate(world, row, arn) };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceIamInstanceProfileAssociation.html
  ReplaceIamInstanceProfileAssociation: defineMutation<
    ReplaceIamInstanceProfileAssociationRequest,
    ReplaceIamInstanceProfileAssociationResult
  >(["IamInstanceProfile", "AssociationId"], (world, input) => {
    const { row } = requireAssociation(world, input.AssociationId);
    return { IamInstanceProfileAssociation: associate(world, row, readProfile(world, input.IamInstanceProfile)) };
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateIamInstanceProfile.html
  DisassociateIamInstanceProfile: defineMutation<DisassociateIamInstanceProfileRequest, DisassociateIamInstanceProfileResult>(
    ["AssociationId"],
    (world, input) => {
      const { row, profile } = requireAssociation(world, input.AssociationId);
      const ending = { ...profile, state: "disassociating" as const };
      const changed = world.change(row, { profile: ending });
      world.after("profile", "profile-disassociated", row.id, { association: profile.id });
      return { IamInstanceProfileAssociation: renderAssociation(changed, ending) };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeIamInstanceProfileAssociations.html
  DescribeIamInstanceProfileAssociations: defineQuery<
    DescribeIamInstanceProfileAssociationsRequest,
    DescribeIamInstanceProfileAssociationsResult
  >(["AssociationIds", "Filters", "MaxResults", "NextToken"], (world, input) => {
    const asked = input.AssociationIds?.map((id) => requireAssociation(world, id).row);
    const rows = asked ?? [...world.all("instance")].filter((row) => !isBehind(world, row, "lists"));
    const matches = matchFilters<IamInstanceProfileAssociation>(
      { "instance-id": (one) => [one.InstanceId], state: (one) => [one.State] },
      input.Filters,
    );
    const associations = rows.flatMap((row) => (row.profile === undefined ? [] : [renderAssociation(row, row.profile)])).filter(matches);
    const order = (one: IamInstanceProfileAssociation): string => one.AssociationId ?? "";
    const page = cutPage(
      associations.sort((a, b) => (order(a) < order(b) ? -1 : 1)),
      order,
      input,
      USUAL_PAGE,
    );
    return { IamInstanceProfileAssociations: [...page.rows], NextToken: page.nextToken };
  }),
};
