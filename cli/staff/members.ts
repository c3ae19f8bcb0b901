import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  paginateListGroups,
  paginateListUsersInGroup,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { CommandFailure } from '../connect.ts';
import { isRefusal, type UserPool } from './user-pool.ts';

export type Member = { email: string; groups: string[]; state: 'active' | 'invited' | 'disabled' };

/** The groups of the deployment's template. */
export const readGroups = async ({ client, UserPoolId }: UserPool): Promise<string[]> => {
  const groups: string[] = [];
  for await (const { Groups = [] } of paginateListGroups({ client }, { UserPoolId }))
    groups.push(...Groups.flatMap(({ GroupName }) => GroupName ?? []));
  return groups.sort();
};

/** Throws a `CommandFailure` with the groups that there are, before anything is changed. */
const checkGroup = async (pool: UserPool, group: string): Promise<void> => {
  const groups = await readGroups(pool);
  if (!groups.includes(group))
    throw new CommandFailure(`there is no group ${group}: choose ${groups.join(' or ')}`);
};

/**
 * Makes the user with this address a member of a group. Somebody who has no account yet gets one, and Cognito mails them a
 * password for their first sign-in. The same twice changes nothing. `resend`: mail a new password to somebody who has not
 * used theirs. Throws a `CommandFailure` for an account that must not, or cannot, be staff.
 */
export const addMember = async (
  pool: UserPool,
  email: string,
  { group, resend }: { group: string; resend: boolean },
): Promise<'invited' | 'invited-again' | 'known'> => {
  await checkGroup(pool, group);
  const { client, UserPoolId } = pool;
  const created = await createUser(pool, email, resend);
  if (created === 'known') await checkAccount(pool, email);
  await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: email, GroupName: group }));
  return created;
};

/**
 * Anybody can sign up with any address and a password of their own. If its owner then confirmed it, a stranger's password would
 * open the routes of staff.
 */
const checkAccount = async ({ client, UserPoolId }: UserPool, email: string): Promise<void> => {
  const { Enabled, UserStatus } = await client.send(new AdminGetUserCommand({ UserPoolId, Username: email }));
  if (UserStatus === 'UNCONFIRMED')
    throw new CommandFailure(
      `somebody has signed up as ${email}, and nobody has confirmed the address: delete that account ` +
        `(aws cognito-idp admin-delete-user --user-pool-id ${UserPoolId} --username ${email}), and try again`,
    );
  if (Enabled === false)
    throw new CommandFailure(`the account of ${email} is disabled: enable it in Cognito, and try again`);
};

const createUser = async (
  { client, UserPoolId }: UserPool,
  email: string,
  resend: boolean,
): Promise<'invited' | 'invited-again' | 'known'> => {
  const user = {
    UserPoolId,
    Username: email,
    UserAttributes: [
      { Name: 'email', Value: email },
      // The invitation goes there, and whoever reads it signs in with it.
      { Name: 'email_verified', Value: 'true' },
    ],
    DesiredDeliveryMediums: ['EMAIL' as const],
  };
  try {
    await client.send(new AdminCreateUserCommand(user));
    return 'invited';
  } catch (error) {
    if (isRefusal(error, 'InvalidParameterException'))
      throw new CommandFailure(`${email} cannot be a user: ${(error as Error).message}`);
    if (!isRefusal(error, 'UsernameExistsException')) throw error;
  }
  if (!resend) return 'known';
  try {
    await client.send(new AdminCreateUserCommand({ ...user, MessageAction: 'RESEND' }));
    return 'invited-again';
  } catch (error) {
    if (isRefusal(error, 'UnsupportedUserStateException')) return 'known';
    throw error;
  }
};

/**
 * Takes a user out of a group, or out of all. The account stays: it may be a passenger's. Returns the groups that they have
 * left. Throws a `CommandFailure` if there is no such user.
 */
export const removeMember = async (
  pool: UserPool,
  email: string,
  group: string | undefined,
): Promise<string[]> => {
  if (group !== undefined) await checkGroup(pool, group);
  const { client, UserPoolId } = pool;
  const user = { UserPoolId, Username: email };
  const { Groups = [] } = await client
    .send(new AdminListGroupsForUserCommand(user))
    .catch((error: unknown) => {
      if (isRefusal(error, 'UserNotFoundException'))
        throw new CommandFailure(`no user has the address ${email}`);
      throw error;
    });
  const left = Groups.flatMap(({ GroupName }) => GroupName ?? []).filter(
    (name) => group === undefined || name === group,
  );
  for (const GroupName of left)
    await client.send(new AdminRemoveUserFromGroupCommand({ ...user, GroupName }));
  return left;
};

/** Everybody in these groups, by their address. */
export const listMembers = async (pool: UserPool, only: string | undefined): Promise<Member[]> => {
  if (only !== undefined) await checkGroup(pool, only);
  const { client, UserPoolId } = pool;
  const members = new Map<string, Member>();
  for (const GroupName of only === undefined ? await readGroups(pool) : [only])
    for await (const { Users = [] } of paginateListUsersInGroup({ client }, { UserPoolId, GroupName }))
      for (const user of Users) {
        const member = memberOf(user);
        const known = members.get(member.email) ?? member;
        members.set(member.email, { ...known, groups: [...known.groups, GroupName] });
      }
  return [...members.values()].sort((a, b) => (a.email < b.email ? -1 : 1));
};

const memberOf = ({ Username = '', Attributes = [], Enabled, UserStatus }: UserType): Member => ({
  email: Attributes.find(({ Name }) => Name === 'email')?.Value ?? Username,
  groups: [],
  state: Enabled === false ? 'disabled' : UserStatus === 'FORCE_CHANGE_PASSWORD' ? 'invited' : 'active',
});
