import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Route } from '../routes/route.ts';
import type { ApiRequest } from './api-request.ts';
import type { Refusal } from './problems.ts';

/** The request while the checks read it. Each check adds its part, or refuses the request. */
export type Draft = ApiRequest<unknown, unknown, unknown> & {
  readonly route: Route;
  readonly event: APIGatewayProxyEventV2;
  readonly startedAt: number;
};

export type Check = (draft: Draft) => Refusal | undefined;
