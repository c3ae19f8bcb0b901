import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  answerRevocation,
  answerTokenRequest,
  type IssuerParts,
  type JsonAnswer,
} from './answer-token-request.ts';
import { answerUserInfo } from './answer-user-info.ts';
import type { BrowserSession, BrowserSessions } from './browser-sessions.ts';
import { discoveryOf } from './discovery.ts';
import { commandHours, tokenFor } from './issue-tokens.ts';
import { refusalPage, signInPage, tokenPage } from './issuer-pages.ts';
import { otherOf, pageLanguageOf, type PageLanguage } from './issuer-texts.ts';
import { publicKeyOf } from './issuer-keys.ts';
import { poolGroupsOf } from './pool-users.ts';
import { backTo, readAuthorizeRequest, type AuthorizeRequest } from './read-authorize-request.ts';
import { groups, signUp } from './users.ts';

export type SiteParts = IssuerParts & { sessions: BrowserSessions };

export type Answer = { status: number; headers: Record<string, string>; body?: string };

type Visit = { request: IncomingMessage; url: URL; form: URLSearchParams };

/** All answers of the issuer: Cognito's endpoints, by path. `form` is the body of a POST. */
export const answerVisit = async (visit: Visit, parts: SiteParts): Promise<Answer> => {
  const { request, url, form } = visit;
  const { method = 'GET' } = request;
  const programs: Record<string, () => JsonAnswer | Promise<JsonAnswer>> = {
    'GET /.well-known/openid-configuration': () => ({ status: 200, body: discoveryOf(parts.issuer) }),
    'GET /.well-known/jwks.json': () => ({ status: 200, body: { keys: [publicKeyOf(parts.key)] } }),
    'POST /oauth2/token': () => answerTokenRequest(form, parts),
    'POST /oauth2/revoke': () => answerRevocation(form, parts),
    'GET /oauth2/userInfo': () => answerUserInfo(request.headers.authorization, parts),
    'POST /oauth2/userInfo': () => answerUserInfo(request.headers.authorization, parts),
  };
  const browsers: Record<string, () => Answer | Promise<Answer>> = {
    'GET /oauth2/authorize': () => authorize(visit, parts),
    'GET /login': () => showSignIn(visit, parts),
    'POST /login': () => signIn(visit, parts),
    'GET /signup': () => showSignIn(visit, parts),
    'POST /signup': () => signIn(visit, parts),
    'GET /logout': () => signOut(visit, parts),
    'GET /': () => html(200, signInPage(languageOf(visit), { otherLanguage: inOtherLanguage(visit) })),
    'POST /': () => giveToken(visit, parts),
  };
  const name = `${method} ${url.pathname}`;
  const program = programs[name];
  if (program) return json(await program());
  const browser = browsers[name];
  if (browser) return browser();
  if (method === 'OPTIONS') return preflight;
  return html(404, refusalPage(languageOf(visit), 'not found'));
};

const authorize = (visit: Visit, parts: SiteParts): Answer => {
  const read = readAuthorizeRequest(visit.url.searchParams, parts.client);
  if (read.outcome !== 'accepted') return refused(read, visit);
  const { request } = read;
  const session = request.prompt === 'login' ? undefined : parts.sessions.read(visit.request);
  if (session) return withCode(request, session, parts);
  if (request.prompt === 'none')
    return redirect(backTo(request.redirectUri, { error: 'login_required', state: request.state }));
  return redirect(`/login${visit.url.search}`);
};

const showSignIn = (visit: Visit, { client }: SiteParts): Answer => {
  const read = readAuthorizeRequest(visit.url.searchParams, client);
  if (read.outcome !== 'accepted') return refused(read, visit);
  return html(200, signInPage(languageOf(visit), { otherLanguage: inOtherLanguage(visit) }));
};

const signIn = (visit: Visit, parts: SiteParts): Answer => {
  const read = readAuthorizeRequest(visit.url.searchParams, parts.client);
  if (read.outcome !== 'accepted') return refused(read, visit);
  const email = addressIn(visit);
  if (email === undefined) return askAgain(visit);
  const { sub } = signUp(parts.dataDir, parts.key, email);
  const session = { sub, groups: groupsIn(visit, email, parts), authTime: parts.now() };
  const answer = withCode(read.request, session, parts);
  return { ...answer, headers: { ...answer.headers, 'set-cookie': parts.sessions.begin(session) } };
};

const withCode = (request: AuthorizeRequest, session: BrowserSession, { signIns }: SiteParts): Answer => {
  const { sub, authTime } = session;
  const signedIn = {
    sub,
    groups: [...session.groups],
    scope: request.scope,
    authTime,
    originJti: randomUUID(),
  };
  const code = signIns.makeCode(signedIn, request);
  return redirect(backTo(request.redirectUri, { code, state: request.state }));
};

/** To a page that the client has named, or to the page for signing in again. Nowhere else: a link could lead anywhere. */
const signOut = (visit: Visit, { client, sessions }: SiteParts): Answer => {
  const { searchParams } = visit.url;
  if (searchParams.get('client_id') !== client.clientId)
    return html(400, refusalPage(languageOf(visit), 'Client does not exist.'));
  const ended = { 'set-cookie': sessions.end(visit.request) };
  const logoutUri = searchParams.get('logout_uri');
  if (logoutUri !== null && client.logoutUrls.includes(logoutUri)) return redirect(logoutUri, ended);
  const again = readAuthorizeRequest(searchParams, client);
  if (logoutUri === null && again.outcome === 'accepted') return redirect(`/login${visit.url.search}`, ended);
  return html(400, refusalPage(languageOf(visit), 'Invalid logout_uri or redirect_uri'));
};

/** An access token for a person or a program on this machine that calls the API by hand. */
const giveToken = async (visit: Visit, parts: SiteParts): Promise<Answer> => {
  const email = addressIn(visit);
  if (email === undefined) return askAgain(visit);
  const { issuer, dataDir, client } = parts;
  const wish = { issuer, clientId: client.clientId, email, groups: groupsIn(visit, email, parts) };
  const token = await tokenFor(dataDir, wish);
  if (visit.request.headers.accept?.includes('application/json'))
    return json({ status: 200, body: { token, hours: commandHours } });
  return html(200, tokenPage(languageOf(visit), { email, token, hours: commandHours }));
};

const addressIn = ({ form }: Visit): string | undefined => {
  const email = form.get('email') ?? '';
  return /^[^\s@]+@[^\s@]+$/.test(email) ? email : undefined;
};

/** The groups that the form names, and those into which an administrator has put the user. */
const groupsIn = ({ form }: Visit, email: string, { dataDir }: SiteParts): string[] => {
  const named = form.getAll('group').filter((name) => groups.some((group) => group === name));
  return [...new Set([...named, ...poolGroupsOf(dataDir, email)])];
};

const askAgain = (visit: Visit): Answer =>
  html(422, signInPage(languageOf(visit), { otherLanguage: inOtherLanguage(visit), wasInvalid: true }));

const refused = (
  read: Exclude<ReturnType<typeof readAuthorizeRequest>, { outcome: 'accepted' }>,
  visit: Visit,
): Answer => {
  if (read.outcome === 'refused') return html(400, refusalPage(languageOf(visit), read.why));
  return redirect(backTo(read.redirectUri, { error: read.error, state: read.state }));
};

/** `lang`, as for managed login, or the browser's language. */
const languageOf = ({ request, url }: Visit): PageLanguage => {
  const wanted = url.searchParams.get('lang') ?? request.headers['accept-language'] ?? '';
  return pageLanguageOf(wanted);
};

const inOtherLanguage = (visit: Visit): string => {
  const parameters = new URLSearchParams(visit.url.searchParams);
  parameters.set('lang', otherOf(languageOf(visit)));
  return `${visit.url.pathname}?${parameters}`;
};

const html = (status: number, body: string): Answer => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
  },
  body,
});

const redirect = (location: string, headers: Record<string, string> = {}): Answer => ({
  status: 302,
  headers: { location, ...headers },
});

/** Cognito lets a page of any origin call these: a public client has no secret that a page could give away. */
const anyOrigin = { 'access-control-allow-origin': '*' };

const json = ({ status, body }: JsonAnswer): Answer => ({
  status,
  headers: {
    ...anyOrigin,
    'content-type': 'application/json;charset=UTF-8',
    ...(status === 401 && { 'www-authenticate': `Bearer error="${String(body?.['error'])}"` }),
  },
  ...(body && { body: JSON.stringify(body) }),
});

const preflight: Answer = {
  status: 204,
  headers: {
    ...anyOrigin,
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': 'authorization, content-type',
  },
};
