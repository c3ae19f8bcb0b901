import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Route } from '../routes/route.ts';
import type { ApiRequest } from './api-request.ts';
import type { Refusal } from './problems.ts';

/** The request as far as it has been read. Each check fills in its part, or refuses. */
export type Draft = ApiRequest<unknown, unknown, unknown> & {
  readonly route: Route;
  readonly event: APIGatewayProxyEventV2;
  readonly startedAt: number;
};

export type Check = (draft: Draft) => Refusal | undefined;
